/* expect leaks: threads more */
/* A thread that nobody joins. */
#include <pthread.h>
#include <unistd.h>
static inline void* wait_for_ever(void* nothing) {
  for (;;) pause();
  return nothing;
}
#define ON_RUN(self)                                                            \
  pthread_t thread;                                                             \
  if (pthread_create(&thread, NULL, wait_for_ever, NULL) != 0) return DD_RETRY; \
  pthread_detach(thread);
#include "../small_step.h"
