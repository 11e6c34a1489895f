// Sends good frames (heartbeats) as fast as the socket takes them, without end.
#include "socket.hpp"

namespace {

dd_status run(void*) noexcept {
  std::string many;
  for (int i = 0; i < 5000; ++i) many += frame(11, "");
  while (true) send_raw(many);
  return DD_OK;
}

}  // namespace

PLUGIN("fills_socket", run);
