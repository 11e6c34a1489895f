// Opens files until it may not open one more, then goes on with its work.
#include <fcntl.h>

#include "plugin.hpp"

namespace {

dd_status run(void*) noexcept {
  int opened = 0;
  while (::open("/dev/null", O_RDONLY) >= 0 && opened < 1'000'000) ++opened;
  say("opened " + std::to_string(opened));
  dd_txn* txn = state->begin(the_run);
  state->put_metric(txn, text("opened"), opened);
  return state->commit(txn);
}

}  // namespace

PLUGIN("leaks_descriptors", run);
