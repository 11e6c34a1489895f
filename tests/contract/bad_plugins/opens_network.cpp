// Makes sockets of every kind it knows.
#include <sys/socket.h>
#include <unistd.h>

#include "plugin.hpp"

namespace {

dd_status run(void*) noexcept {
  int could = 0;
  for (const int family : {AF_INET, AF_INET6, AF_UNIX, AF_NETLINK}) {
    for (const int type : {SOCK_STREAM, SOCK_DGRAM, SOCK_RAW}) {
      const int descriptor = ::socket(family, type | SOCK_CLOEXEC, 0);
      if (descriptor < 0) continue;
      ++could;
      ::close(descriptor);
    }
  }
  host->explain(the_run, text("network"), text("could make " + std::to_string(could) + " sockets"));
  return DD_PERMANENT;
}

}  // namespace

PLUGIN("opens_network", run);
