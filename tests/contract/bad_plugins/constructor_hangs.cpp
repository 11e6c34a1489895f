// Hangs while it is loaded.
#include <unistd.h>

#include "plugin.hpp"

namespace {

struct AtLoad {
  AtLoad() {
    while (true) ::pause();
  }
} at_load;

}  // namespace

PLUGIN("constructor_hangs", do_nothing);
