/* expect descriptor: no command() */
/* Names a command that it does not have. */
#define DESCRIPTOR                                                                 \
  "{\"id\": \"small\", \"version\": \"1.0.0\", \"summary\": \"s\", \"commands\": " \
  "[{\"name\": \"small\", \"summary\": \"s\"}]}"
#include "../small_step.h"
