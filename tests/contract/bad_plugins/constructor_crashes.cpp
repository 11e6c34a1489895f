// Crashes while it is loaded.
#include <csignal>
#include <cstdio>

#include "plugin.hpp"

namespace {

struct AtLoad {
  AtLoad() {
    std::fputs("no licence for \x1b[31mthis machine\n", stderr);
    std::raise(SIGSEGV);
  }
} at_load;

}  // namespace

PLUGIN("constructor_crashes", do_nothing);
