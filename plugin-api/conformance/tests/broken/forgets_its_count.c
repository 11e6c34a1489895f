/* expect cancel: started again */
/* expect kill-and-resume: started again */
/* Goes on from the right file with a count from nought. */
#define RESUME(self)  \
  small_resume(self); \
  self->done = 0;
#include "../small_step.h"
