/* expect run-twice: the second run of one process */
/* expect cancel: again no end */
/* Something static outlives close(). */
static int closed;
#define ON_CLOSE(self) closed = 1;
#define MESSAGE(self) (closed ? "again no end" : "no end")
#include "../small_step.h"
