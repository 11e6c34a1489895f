// A signal that a bad pointer would bring.
#include <csignal>

#include "plugin.hpp"

namespace {

dd_status run(void*) noexcept {
  std::raise(SIGSEGV);
  return DD_OK;
}

}  // namespace

PLUGIN("segfaults", run);
