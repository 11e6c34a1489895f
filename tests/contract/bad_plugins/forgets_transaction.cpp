// Comes back with a transaction open.

#include "plugin.hpp"

namespace {

dd_status run(void*) noexcept {
  dd_txn* txn = state->begin(the_run);
  state->put_memory(txn, bytes("key"), bytes("value"));
  return DD_OK;
}

}  // namespace

PLUGIN("forgets_transaction", run);
