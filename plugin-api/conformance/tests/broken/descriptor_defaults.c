/* expect descriptor: is not what its schema allows */
/* A default that its own option refuses. */
#define DESCRIPTOR                                                                                             \
  "{\"id\": \"small\", \"version\": \"1.0.0\", \"summary\": \"s\", \"config_schema\": "                        \
  "{\"type\": \"object\", \"properties\": {\"most\": {\"type\": \"integer\", \"maximum\": 5, \"default\": 9, " \
  "\"description\": \"d\"}}}}"
#include "../small_step.h"
