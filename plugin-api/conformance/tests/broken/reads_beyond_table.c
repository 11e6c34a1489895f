/* expect smallest-tables: signal 11 */
/* Built against newer headers; asks a table for a function without a look at struct_size. */
#define ON_RUN(self) \
  if (((void* const volatile*)(self->state + 1))[0] != NULL) self->done += 0;
#include "../small_step.h"
