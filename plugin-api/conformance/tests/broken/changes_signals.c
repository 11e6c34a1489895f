/* expect process: signal 13 is changed */
/* SIGPIPE is ignored for the whole process. */
#include <signal.h>
#define ON_RUN(self) signal(SIGPIPE, SIG_IGN);
#include "../small_step.h"
