/* expect table: exit 0 while it was loaded */
/* A constructor that ends the process. */
#include "../small_step.h"
__attribute__((constructor)) static void at_load(void) {
  exit(0);
}
