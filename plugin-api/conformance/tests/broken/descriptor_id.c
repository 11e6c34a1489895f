/* expect descriptor: id */
/* Capital letters in the id. */
#define DESCRIPTOR "{\"id\": \"Small Step\", \"version\": \"1.0.0\", \"summary\": \"s\"}"
#include "../small_step.h"
