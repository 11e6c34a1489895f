/* expect no-writes: is changed */
/* Edits the tree by its own hand, as if nobody would notice. */
#include "daydream/run.h"
#define ON_RUN(self)                                                                                     \
  {                                                                                                      \
    const dd_run_service* facts = (const dd_run_service*)self->host->service(self->run, DD_RUN_SERVICE); \
    dd_bytes root;                                                                                       \
    char name[4096];                                                                                     \
    FILE* file;                                                                                          \
    if (facts != NULL && facts->root(self->run, text_of("source"), &root) == DD_OK) {                    \
      snprintf(name, sizeof name, "%.*s/data/one.txt", (int)root.size, (const char*)root.data);          \
      file = fopen(name, "a");                                                                           \
      if (file != NULL) fputs("more", file), fclose(file);                                               \
    }                                                                                                    \
  }
#include "../small_step.h"
