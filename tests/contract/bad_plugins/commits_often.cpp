// Commits one small thing after another: 1,000 times, or 100,000 where its configuration says "many".
#include <cstdlib>

#include "plugin.hpp"

namespace {

dd_status run(void*) noexcept {
  const char* wanted = config.find("many") == std::string::npos ? "1000" : "100000";
  for (int i = std::atoi(wanted); i > 0; --i) {
    dd_txn* txn = state->begin(the_run);
    state->put_checkpoint(txn, 1, bytes(std::to_string(i)));
    if (state->commit(txn) != DD_OK) return DD_RETRY;
  }
  return DD_OK;
}

}  // namespace

PLUGIN("commits_often", run);
