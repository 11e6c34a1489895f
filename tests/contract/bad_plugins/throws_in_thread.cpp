// An exception nobody catches, in a thread of the plugin.
#include <stdexcept>
#include <thread>

#include "plugin.hpp"

namespace {

dd_status run(void*) noexcept {
  std::thread([] { throw std::logic_error("in a thread"); }).join();
  return DD_OK;
}

}  // namespace

PLUGIN("throws_in_thread", run);
