// Uses CPU time without end (for the limit on it).

#include "plugin.hpp"

namespace {

dd_status run(void*) noexcept {
  volatile uint64_t turns = 0;
  while (true) turns = turns + 1;
  return DD_OK;
}

}  // namespace

PLUGIN("eats_cpu", run);
