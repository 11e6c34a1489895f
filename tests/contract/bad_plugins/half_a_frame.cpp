// Begins a frame of 100 bytes, sends ten of them, and comes back as if nothing had been.
#include "socket.hpp"

namespace {

dd_status run(void*) noexcept {
  send_raw(frame(13, std::string(100, 'x')).substr(0, 22));
  return DD_OK;
}

}  // namespace

PLUGIN("half_a_frame", run);
