// Calls itself without end.
#include "plugin.hpp"

namespace {

int deeper(const volatile char* above);
int (*volatile again)(const volatile char*) = deeper;  // so that no compiler sees the end that is missing

int deeper(const volatile char* above) {
  volatile char here[4096];
  here[0] = above == nullptr ? '\0' : above[0];
  return again(here) + here[0];
}

dd_status run(void*) noexcept {
  return again(nullptr) == 0 ? DD_OK : DD_RETRY;
}

}  // namespace

PLUGIN("overflows_stack", run);
