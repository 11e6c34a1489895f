// Writes through a null pointer.
#include "plugin.hpp"

namespace {

int* volatile nothing = nullptr;

dd_status run(void*) noexcept {
  *nothing = 1;
  return DD_OK;
}

}  // namespace

PLUGIN("null_pointer", run);
