/* expect commands: signal 6 */
/* A command that knows no arguments but its own. */
#define DESCRIPTOR                                                                 \
  "{\"id\": \"small\", \"version\": \"1.0.0\", \"summary\": \"s\", \"commands\": " \
  "[{\"name\": \"small\", \"summary\": \"s\"}]}"
#define COMMAND small_command
#include <stdlib.h>
#include "daydream/abi.h"
static dd_status small_command(void* self, dd_text name, dd_text arguments) {
  (void)self;
  (void)name;
  if (arguments.size > 2) abort();
  return DD_OK;
}
#include "../small_step.h"
