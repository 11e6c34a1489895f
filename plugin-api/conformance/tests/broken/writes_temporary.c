/* expect no-writes: is new */
/* A temporary file that it leaves. */
#include <unistd.h>
#define ON_RUN(self)                                                  \
  {                                                                   \
    char name[1000];                                                  \
    snprintf(name, sizeof name, "%s/small-XXXXXX", getenv("TMPDIR")); \
    close(mkstemp(name));                                             \
  }
#include "../small_step.h"
