// Opens what the host keeps in its state directory, and writes to it.
#include <fcntl.h>
#include <unistd.h>

#include "plugin.hpp"

namespace {

dd_status run(void*) noexcept {
  dd_bytes path{};
  if (facts->root(the_run, text("repository"), &path) != DD_OK) return DD_RETRY;
  int could = 0;
  for (const char* name : {"daydream.db", "daydream.db-wal", "daydream.anchor", "state.json", "lock"}) {
    const std::string file = string_of(path) + "/logs/daydream/" + name;
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
    if (descriptor < 0) continue;
    ++could;
    say(std::string(name) + (::write(descriptor, "bad", 3) == 3 ? " overwritten" : " opened"));
    ::close(descriptor);
  }
  host->explain(the_run, text("store"), text("could open " + std::to_string(could) + " files of the host for writing"));
  return DD_PERMANENT;
}

}  // namespace

PLUGIN("opens_store", run);
