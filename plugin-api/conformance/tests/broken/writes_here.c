/* expect no-writes: note.txt is new */
/* A note in the current folder. */
#define ON_RUN(self)                     \
  {                                      \
    FILE* note = fopen("note.txt", "w"); \
    if (note != NULL) fclose(note);      \
  }
#include "../small_step.h"
