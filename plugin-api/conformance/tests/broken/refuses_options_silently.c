/* expect configuration: without a word why */
/* Refuses, and leaves its user alone with it. */
#define ON_OPEN(self)                                                               \
  if (memmem(self->config.data, self->config.size, "no_such_option", 14) != NULL) { \
    free(self);                                                                     \
    return DD_PERMANENT;                                                            \
  }
#include "../small_step.h"
