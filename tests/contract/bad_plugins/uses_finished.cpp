// Two transactions at once, and one that is over.
#include "plugin.hpp"

namespace {

dd_status run(void*) noexcept {
  dd_txn* first = state->begin(the_run);
  dd_txn* second = state->begin(the_run);
  if (second != nullptr) return DD_OK;
  state->put_memory(first, bytes("k"), bytes("v"));
  state->commit(first);
  return state->put_memory(first, bytes("k"), bytes("w"));
}

}  // namespace

PLUGIN("uses_finished", run);
