/* expect deterministic: it came to something else */
/* What it finds depends on the machine. */
#define MESSAGE(self) (getenv("TZ") == NULL ? "no end" : getenv("TZ"))
#include "../small_step.h"
