// Calls what nobody defines: found when it is loaded, not in the middle of the night.
#include "plugin.hpp"

extern "C" void nobody_defines_this();

namespace {

dd_status run(void*) noexcept {
  nobody_defines_this();
  return DD_OK;
}

}  // namespace

PLUGIN("unresolved", run);
