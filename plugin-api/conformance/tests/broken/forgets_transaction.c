/* expect run: a transaction open */
/* begin() without commit() or rollback(). */
#define ENDS(status) (self->state->begin(self->run) == NULL ? DD_PERMANENT : status)
#include "../small_step.h"
