/* expect process: current folder is changed */
/* Takes the process for its own. */
#include <unistd.h>
#define ON_RUN(self) \
  if (chdir("/") != 0) return DD_RETRY;
#include "../small_step.h"
