/* expect newest-tables: with tables that have grown */
/* Takes a newer host for a wrong one. */
#define TAKES_TABLE(self) \
  (self->state != NULL && self->changes != NULL && self->state->struct_size == sizeof(dd_state_service))
#include "../small_step.h"
