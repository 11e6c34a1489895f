/* expect process: umask is changed */
/* For the files that it should not write anyway. */
#include <sys/stat.h>
#define ON_RUN(self) umask(0);
#include "../small_step.h"
