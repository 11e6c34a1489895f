/* expect run: no end within 2 s */
/* Waits for something that does not come. */
#include <unistd.h>
#define ON_ITEM(self) \
  for (;;) pause();
#include "../small_step.h"
