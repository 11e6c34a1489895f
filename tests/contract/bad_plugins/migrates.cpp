// Not wrong: schema 3 for checkpoint and memory, and knows how to come from older ones.
#include "plugin.hpp"

namespace {

void say_checkpoint(const char* where) {
  uint32_t schema = 0;
  dd_bytes last{};
  if (state->checkpoint(the_run, &schema, &last) == DD_OK)
    say(std::string(where) + " " + std::to_string(schema) + " " + string_of(last));
  else
    say(std::string(where) + " no checkpoint");
}

dd_status run(void*) noexcept {
  say_checkpoint("run:");
  return DD_OK;
}

dd_status migrate(void*, uint32_t checkpoint_schema, uint32_t memory_schema, dd_txn* txn) noexcept {
  say("migrate " + std::to_string(checkpoint_schema) + " " + std::to_string(memory_schema));
  say_checkpoint("migrate:");
  if (state->begin(the_run) != nullptr) say("a second transaction");
  if (state->commit(txn) == DD_OK) say("committed by itself");
  if (config == "\"fail\"") return DD_PERMANENT;
  if (checkpoint_schema != 0) state->put_checkpoint(txn, 3, bytes("rewritten"));
  return state->put_memory(txn, bytes("key"), bytes("new shape"));
}

}  // namespace

EXPORTED;
const dd_plugin daydream_plugin_v1 = {
    sizeof(dd_plugin), DD_ABI_MAJOR,
    DD_ABI_MINOR,      R"({"id":"migrates","version":"1.0.0","summary":"s","checkpoint_schema":3,"memory_schema":3})",
    keep_tables,       run,
    nullptr,           migrate,
    nullptr,           forget};
