/* expect missing-services: signal 11 */
/* expect leaks: signal 11 */
/* Takes every service for granted. */
#define TAKES_TABLE(self) 1
#include "../small_step.h"
