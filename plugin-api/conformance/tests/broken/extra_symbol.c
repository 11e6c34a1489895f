/* expect symbols: it also exports a_helper */
/* A function that was not made static, in a library that was linked without step.map. */
__attribute__((visibility("default"))) int a_helper(void);
int a_helper(void) {
  return 1;
}
#include "../small_step.h"
