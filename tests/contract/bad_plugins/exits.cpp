// exit() in run.
#include <cstdlib>

#include "plugin.hpp"

namespace {

dd_status run(void*) noexcept {
  std::exit(3);
  return DD_OK;
}

}  // namespace

PLUGIN("exits", run);
