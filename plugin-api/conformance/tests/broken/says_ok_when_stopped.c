/* expect cancel: with work left */
/* Takes a stop for the end of the work. */
#define ENDS(status) (status == DD_CANCELLED ? DD_OK : status)
#include "../small_step.h"
