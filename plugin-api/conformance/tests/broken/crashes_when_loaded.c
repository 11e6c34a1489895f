/* expect table: signal 6 */
/* A constructor that does not come back. */
#include "../small_step.h"
__attribute__((constructor)) static void at_load(void) {
  abort();
}
