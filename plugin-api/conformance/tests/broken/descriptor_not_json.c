/* expect descriptor: descriptor:1: */
/* A comma too many. */
#define DESCRIPTOR "{\"id\": \"small\",}"
#include "../small_step.h"
