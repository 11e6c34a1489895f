/* expect run: signal 11 */
/* A null pointer. */
#define ON_ITEM(self) *(volatile char*)0 = 1;
#include "../small_step.h"
