/* expect descriptor: config_schema */
/* A word that the subset of JSON Schema does not have. */
#define DESCRIPTOR                                                                      \
  "{\"id\": \"small\", \"version\": \"1.0.0\", \"summary\": \"s\", \"config_schema\": " \
  "{\"type\": \"object\", \"if\": {}}}"
#include "../small_step.h"
