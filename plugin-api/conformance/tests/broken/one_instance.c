/* expect two-instances: the first of two instances */
/* Keeps the run in a static, as if there were one instance. */
static void* the_last;
#define ON_OPEN(self) the_last = self->run;
#define ON_RUN(self) self->run = (dd_run*)the_last;
#include "../small_step.h"
