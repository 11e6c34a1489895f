/* expect run: put_finding */
/* A finding with a key that findings do not have. */
#define MESSAGE(self) "m\", \"colour\": \"red"
#include "../small_step.h"
