// Strings of 100 MiB where some words are expected.
#include "plugin.hpp"

namespace {

dd_status run(void*) noexcept {
  const std::string huge(std::size_t{100} << 20, 'h');
  dd_txn* txn = state->begin(the_run);
  state->put_metric(txn, text(huge), 1);
  state->put_output(txn, text(huge), text("1"));
  state->put_memory(txn, bytes(huge), bytes("v"));
  state->put_memory(txn, bytes("k"), bytes(huge));
  state->put_finding(txn, text("{\"rule\":\"r\",\"message\":\"" + huge + "\"}"), nullptr);
  host->progress(the_run, 1, 1, text(huge));
  state->commit(txn);
  host->explain(the_run, text(huge), text("too much: " + huge));
  return DD_PERMANENT;
}

}  // namespace

PLUGIN("huge_strings", run);
