// Never comes back, busy.
#include <atomic>

#include "plugin.hpp"

namespace {

dd_status run(void*) noexcept {
  say("spinning");
  static std::atomic<uint64_t> turns{0};
  while (true) turns.fetch_add(1);
  return DD_OK;
}

}  // namespace

PLUGIN("spins", run);
