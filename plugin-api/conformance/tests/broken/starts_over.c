/* expect cancel: started again */
/* expect kill-and-resume: started again */
/* Has a checkpoint and never reads it. */
#define RESUME(self)
#include "../small_step.h"
