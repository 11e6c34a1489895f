// Writes to the standard streams.
#include <cstdio>

#include "plugin.hpp"

namespace {

dd_status run(void*) noexcept {
  std::puts("to standard output");
  std::fputs("to standard error\n", stderr);
  std::fflush(nullptr);
  return DD_OK;
}

}  // namespace

PLUGIN("prints", run);
