/* expect table: built for plugin ABI 9.0 */
/* Of another ABI. */
#define ABI_MAJOR 9
#include "../small_step.h"
