// Closes every descriptor while it is loaded, and stays.
#include <unistd.h>

#include "plugin.hpp"

namespace {

struct AtLoad {
  AtLoad() {
    for (int descriptor = 0; descriptor < 4096; ++descriptor) ::close(descriptor);
    while (true) ::pause();
  }
} at_load;

}  // namespace

PLUGIN("constructor_closes", do_nothing);
