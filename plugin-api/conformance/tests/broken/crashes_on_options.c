/* expect configuration: signal 6 */
/* Trusts that options are what they should be. */
#define ON_OPEN(self) \
  if (memmem(self->config.data, self->config.size, "no_such_option", 14) != NULL) abort();
#include "../small_step.h"
