// abort() in run.
#include <cstdlib>

#include "plugin.hpp"

namespace {

dd_status run(void*) noexcept {
  std::abort();
  return DD_OK;
}

}  // namespace

PLUGIN("aborts", run);
