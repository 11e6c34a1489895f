// Shows progress for ever and does not stop when asked.
#include <poll.h>

#include "plugin.hpp"

namespace {

dd_status run(void*) noexcept {
  say("working");
  uint64_t done = 0;
  bool told = false;
  while (true) {
    host->progress(the_run, ++done, 0, text("on and on"));
    if (host->cancelled(the_run) == 1 && !told) {
      told = true;
      say("cancelled, and going on");
    }
    ::poll(nullptr, 0, 1);
  }
  return DD_OK;
}

}  // namespace

PLUGIN("ignores_cancel", run);
