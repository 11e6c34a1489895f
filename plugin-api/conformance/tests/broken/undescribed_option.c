/* expect descriptor: option "most" has no description */
/* An option that no person can understand. */
#define DESCRIPTOR                                                                      \
  "{\"id\": \"small\", \"version\": \"1.0.0\", \"summary\": \"s\", \"config_schema\": " \
  "{\"type\": \"object\", \"properties\": {\"most\": {\"type\": \"integer\", \"default\": 9}}}}"
#include "../small_step.h"
