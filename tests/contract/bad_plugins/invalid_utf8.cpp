// Bytes that are not UTF-8, and letters that turn a terminal's lines round, wherever words are expected.
#include "plugin.hpp"

namespace {

dd_status run(void*) noexcept {
  const std::string bad = "caf\xe9 \xff\xfe \xed\xa0\x80 \x1b[2J \xe2\x80\xae txt";
  say(bad);
  host->progress(the_run, 1, 2, text(bad));
  dd_txn* txn = state->begin(the_run);
  state->put_metric(txn, text("\xff\xff"), 1);
  state->put_output(txn, text("\xff"), text("\"\xff\""));
  state->put_memory(txn, bytes("\xff"), bytes("\xfe"));
  state->put_finding(
      txn, text("{\"rule\":\"r\",\"severity\":\"info\",\"safety\":\"info\",\"message\":\"" + bad + "\"}"), nullptr);
  state->commit(txn);
  host->explain(the_run, text("\xff"), text(bad));
  return DD_PERMANENT;
}

}  // namespace

PLUGIN("invalid_utf8", run);
