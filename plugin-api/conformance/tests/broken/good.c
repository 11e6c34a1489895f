/* Breaks nothing: what the others are measured by. */
#include "../small_step.h"
