// A thousand transactions with nothing in them.
#include "plugin.hpp"

namespace {

dd_status run(void*) noexcept {
  for (int i = 0; i < 1000; ++i) {
    if (state->commit(state->begin(the_run)) != DD_OK) return DD_RETRY;
  }
  return DD_OK;
}

}  // namespace

PLUGIN("commits_nothing", run);
