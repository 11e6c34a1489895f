// Calls itself without end.
#include "plugin.hpp"

namespace {

__attribute__((noinline)) int deeper(volatile char* above) {
  volatile char here[4096];
  here[0] = above == nullptr ? '\0' : above[0];
  return deeper(here) + here[0];
}

dd_status run(void*) noexcept {
  return deeper(nullptr) == 0 ? DD_OK : DD_RETRY;
}

}  // namespace

PLUGIN("overflows_stack", run);
