/* expect run: without a word why */
/* Fails, and nobody knows why. */
#define ON_RUN(self) return DD_PERMANENT;
#include "../small_step.h"
