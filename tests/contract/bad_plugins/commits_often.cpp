// Commits one small thing after another: 1,000 times, or 100,000 where its configuration says "many".
#include "plugin.hpp"

namespace {

dd_status run(void*) noexcept {
  const int times = config.find("many") == std::string::npos ? 1'000 : 100'000;
  for (int i = times; i > 0; --i) {
    dd_txn* txn = state->begin(the_run);
    state->put_checkpoint(txn, 1, bytes(std::to_string(i)));
    if (state->commit(txn) != DD_OK) return DD_RETRY;
  }
  return DD_OK;
}

}  // namespace

EXPORTED;
const dd_plugin daydream_plugin_v1 = {sizeof(dd_plugin),
                                      DD_ABI_MAJOR,
                                      DD_ABI_MINOR,
                                      R"({"id": "commits_often", "version": "1.0.0", "summary": "a plugin of a test",
        "config_schema": {"type": "object", "properties": {"often": {"type": "string", "description": "\"many\""}}}})",
                                      keep_tables,
                                      run,
                                      nullptr,
                                      nullptr,
                                      nullptr,
                                      forget};
