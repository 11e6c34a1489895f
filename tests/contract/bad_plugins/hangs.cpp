// Never comes back, sleeping.
#include <unistd.h>

#include "plugin.hpp"

namespace {

dd_status run(void*) noexcept {
  say("hanging");
  while (true) ::pause();
  return DD_OK;
}

}  // namespace

PLUGIN("hangs", run);
