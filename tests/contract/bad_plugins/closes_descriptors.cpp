// Closes every descriptor, the host's socket among them.
#include <unistd.h>

#include "plugin.hpp"

namespace {

dd_status run(void*) noexcept {
  for (int descriptor = 0; descriptor < 4096; ++descriptor) ::close(descriptor);
  say("nobody hears this");
  return DD_OK;
}

}  // namespace

PLUGIN("closes_descriptors", run);
