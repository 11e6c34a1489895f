/* expect deterministic: it came to something else */
/* How many entries a page has is the host's affair. */
#define ON_RUN(self)                                                                                 \
  status = self->changes->list(self->run, text_of("[\"data/*.txt\"]"), bytes_of(""), &page, &count); \
  if (self->done == 0) self->done = 10 * count;
#include "../small_step.h"
