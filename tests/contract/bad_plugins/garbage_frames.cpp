// Sends bytes that are no frame.
#include "socket.hpp"

namespace {

dd_status run(void*) noexcept {
  send_raw(std::string(100'000, '\xa5'));
  return DD_OK;
}

}  // namespace

PLUGIN("garbage_frames", run);
