/* expect configuration: an unknown option is taken */
/* A misspelt option would never be noticed. */
#define DESCRIPTOR                                                                      \
  "{\"id\": \"small\", \"version\": \"1.0.0\", \"summary\": \"s\", \"config_schema\": " \
  "{\"type\": \"object\", \"additionalProperties\": {}}}"
#include "../small_step.h"
