/* expect leaks: memory grows by */
/* 64 bytes for each run. */
#define ON_RUN(self) \
  if (malloc(64) == NULL) return DD_RETRY;
#include "../small_step.h"
