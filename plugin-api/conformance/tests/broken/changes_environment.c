/* expect process: environment SMALL_STEP is new */
/* A variable for a library, never taken back. */
#define ON_RUN(self) setenv("SMALL_STEP", "1", 1);
#include "../small_step.h"
