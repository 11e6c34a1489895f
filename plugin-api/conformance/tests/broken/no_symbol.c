/* expect symbols: does not export daydream_plugin_v1 */
/* expect table: no symbol */
/* The table has another name. */
#define daydream_plugin_v1 daydream_plugin_v9
#include "../small_step.h"
