/* expect process: locale is changed */
/* Numbers look otherwise from now on. */
#include <locale.h>
#define ON_RUN(self) setlocale(LC_ALL, "C.UTF-8");
#include "../small_step.h"
