// Not wrong: stops when asked.
#include <poll.h>

#include "plugin.hpp"

namespace {

dd_status run(void*) noexcept {
  say("working");
  while (host->cancelled(the_run) == 0) ::poll(nullptr, 0, 1);
  if (host->cancelled(the_run) == 1) return DD_CANCELLED;
  return DD_OK;
}

}  // namespace

PLUGIN("heeds_cancel", run);
