/* expect run: answered 42, which is no status */
/* A status that there is not. */
#define ENDS(status) 42
#include "../small_step.h"
