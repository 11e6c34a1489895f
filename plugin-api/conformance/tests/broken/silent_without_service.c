/* expect missing-services: without a word why */
/* Fails, and does not say which service it would need. */
#define ON_MISSING(self)
#include "../small_step.h"
