// _exit(0) in run: as if all were well.
#include <unistd.h>

#include "plugin.hpp"

namespace {

dd_status run(void*) noexcept {
  ::_exit(0);
  return DD_OK;
}

}  // namespace

PLUGIN("exits_at_once", run);
