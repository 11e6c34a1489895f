// Comes back while a thread of its own goes on calling.
#include <thread>

#include "plugin.hpp"

namespace {

dd_status run(void*) noexcept {
  std::thread([] {
    while (true) host->progress(the_run, 1, 2, text("from a thread that stays"));
  }).detach();
  return DD_OK;
}

}  // namespace

PLUGIN("leaves_thread", run);
