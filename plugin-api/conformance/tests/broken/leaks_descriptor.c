/* expect leaks: descriptors more */
/* A file that is never closed. */
#include <fcntl.h>
#define ON_RUN(self) \
  if (open("/dev/null", O_RDONLY) < 0) return DD_RETRY;
#include "../small_step.h"
