/* expect cancel: at most 3 s */
/* Tidies up before it obeys. */
#include <unistd.h>
#define STOPS(self) (self->host->cancelled(self->run) && sleep(4) == 0)
#include "../small_step.h"
