/* expect configuration: takes a value of any type */
/* A schema that says nothing of an option, and an open() that does not look. */
#define DESCRIPTOR                                                                      \
  "{\"id\": \"small\", \"version\": \"1.0.0\", \"summary\": \"s\", \"config_schema\": " \
  "{\"type\": \"object\", \"properties\": {\"most\": {\"description\": \"d\"}}}}"
#include "../small_step.h"
