// Uses every function of every table as the headers say.
#include "plugin.hpp"

namespace {

dd_status scan(std::string* found) {
  std::string after;
  dd_bytes key{};
  dd_bytes value{};
  dd_status status = DD_OK;
  while ((status = state->scan_memory(the_run, bytes("page/"), bytes(after), &key, &value)) == DD_OK) {
    after = string_of(key);
    *found += after + "=" + string_of(value) + ";";
  }
  return status == DD_NOT_FOUND ? DD_OK : status;
}

void say_listed() {
  std::string after;
  const dd_entry* page = nullptr;
  size_t count = 0;
  while (changes->list(the_run, text("[\"*.py\"]"), bytes(after), &page, &count) == DD_OK && count > 0) {
    for (size_t i = 0; i < count; ++i) say("listed " + string_of(page[i].path));
    after = string_of(page[count - 1].path);
  }
}

dd_status propose(dd_txn* txn) {
  dd_bytes content{};
  uint64_t token = 0;
  if (dd_status got = changes->read(the_run, bytes("a.py"), &content, &token); got != DD_OK) return got;
  say("read " + string_of(content));
  uint64_t number = 0;
  if (dd_status put = state->put_finding(
          txn,
          text(R"({"rule":"unused-import","severity":"warning","safety":"safe","path":"a.py","line":1,"message":"m"})"),
          &number);
      put != DD_OK)
    return put;
  const dd_span spans[2] = {{0, 1, bytes("X")}, {3, 0, bytes("new")}};
  return changes->edit(txn, bytes("a.py"), token, spans, 2, number);
}

void say_known() {
  dd_text json{};
  dd_bytes path{};
  uint32_t schema = 0;
  dd_bytes last{};
  facts->facts(the_run, &json);
  say("facts " + string_of(json));
  if (facts->root(the_run, text("source"), &path) == DD_OK) say("root " + string_of(path));
  if (state->checkpoint(the_run, &schema, &last) == DD_OK)
    say("checkpoint " + std::to_string(schema) + " " + string_of(last));
  if (state->output(the_run, text("earlier"), text("numbers"), &json) == DD_OK) say("output " + string_of(json));
  if (state->findings(the_run, text(""), &json) == DD_OK) say("findings " + string_of(json));
  if (state->memory(the_run, bytes("one"), &path) == DD_OK) say("memory " + string_of(path));
  if (state->memory(the_run, bytes("none"), &path) == DD_NOT_FOUND) say("memory none");
}

dd_status run(void*) noexcept {
  say("config " + config);
  say_known();
  say_listed();
  std::string found;
  if (dd_status scanned = scan(&found); scanned != DD_OK) return scanned;
  say("scanned " + found);
  for (uint64_t i = 1; i <= 500; ++i) host->progress(the_run, i, 500, text("item"));
  dd_txn* dropped = state->begin(the_run);
  state->put_memory(dropped, bytes("never"), bytes("seen"));
  state->rollback(dropped);
  dd_txn* txn = state->begin(the_run);
  if (dd_status proposed = propose(txn); proposed != DD_OK) return proposed;
  state->put_checkpoint(txn, 1, bytes("half way"));
  state->put_memory(txn, bytes("two"), bytes("old"));
  state->put_memory(txn, bytes("two"), bytes("2"));
  state->drop_memory(txn, bytes("one"));
  state->put_output(txn, text("made"), text("[1]"));
  state->put_metric(txn, text("files"), 3);
  state->put_file(txn, text("made/report.md"), bytes("# hello"));
  if (dd_status kept = state->commit(txn); kept != DD_OK) return kept;
  say_known();
  return DD_OK;
}

dd_status command(void*, dd_text name, dd_text arguments) noexcept {
  facts->print(the_run, bytes(string_of(name) + " " + string_of(arguments)));
  return DD_OK;
}

}  // namespace

EXPORTED;
const dd_plugin daydream_plugin_v1 = {sizeof(dd_plugin), DD_ABI_MAJOR, DD_ABI_MINOR, DESCRIPTOR("good"),
                                      keep_tables,       run,          command,      nullptr,
                                      nullptr,           forget};
