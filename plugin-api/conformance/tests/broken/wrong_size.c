/* expect table: struct_size is 8 */
/* A struct_size that somebody has guessed. */
#define STRUCT_SIZE 8
#include "../small_step.h"
