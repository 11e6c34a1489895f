/* expect run: outlives close() */
/* A process that nobody waits for. */
#include <unistd.h>
#define ON_CLOSE(self) \
  if (fork() == 0)     \
    for (;;) pause();
#include "../small_step.h"
