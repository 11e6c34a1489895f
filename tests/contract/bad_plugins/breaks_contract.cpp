// Breaks what the headers promise, one call after another, and says what each call answered.
#include <cmath>
#include <thread>

#include "plugin.hpp"

namespace {

void tell(const char* what, long status) {
  say(std::string(what) + " = " + std::to_string(status));
}

uint64_t finding(dd_txn* txn) {
  uint64_t number = 0;
  state->put_finding(txn, text(R"({"rule":"r","severity":"info","safety":"info","message":"m"})"), &number);
  return number;
}

void null_pointers() {
  dd_text json{};
  dd_bytes value{};
  uint64_t token = 0;
  size_t count = 0;
  host->log(nullptr, 1, text("nobody"));
  host->log(the_run, 1, {nullptr, 5});
  host->progress(the_run, 1, 1, {nullptr, 5});
  tell("cancelled(NULL)", host->cancelled(nullptr));
  tell("service(NULL)", host->service(the_run, nullptr) != nullptr);
  tell("service(unknown)", host->service(the_run, "daydream.nothing/9") != nullptr);
  tell("facts(NULL run)", facts->facts(nullptr, &json));
  tell("facts(NULL)", facts->facts(the_run, nullptr));
  tell("root(NULL)", facts->root(the_run, text("source"), nullptr));
  tell("checkpoint(NULL)", state->checkpoint(the_run, nullptr, nullptr));
  tell("memory(NULL key)", state->memory(the_run, {nullptr, 3}, &value));
  tell("scan(NULL)", state->scan_memory(the_run, {}, {}, nullptr, nullptr));
  tell("read(NULL)", changes->read(the_run, bytes("a.py"), nullptr, &token));
  tell("list(NULL)", changes->list(the_run, text("[]"), {}, nullptr, &count));
  tell("begin(NULL)", state->begin(nullptr) != nullptr);
  tell("commit(NULL)", state->commit(nullptr));
  state->rollback(nullptr);
}

void bad_paths() {
  dd_bytes content{};
  uint64_t token = 0;
  tell("read ..", changes->read(the_run, bytes("../a.py"), &content, &token));
  tell("read /etc/passwd", changes->read(the_run, bytes("/etc/passwd"), &content, &token));
  tell("read symlink", changes->read(the_run, bytes("link.py"), &content, &token));
  tell("read missing", changes->read(the_run, bytes("missing.py"), &content, &token));
}

void bad_edits(dd_txn* txn) {
  dd_bytes content{};
  uint64_t token = 0;
  const uint64_t number = finding(txn);
  changes->read(the_run, bytes("a.py"), &content, &token);
  const size_t size = content.size;
  const dd_span good{0, 1, bytes("x")};
  const dd_span beyond{size, 1, {}};
  const dd_span huge{~uint64_t{0}, 2, {}};
  const dd_span null_text{0, 1, {nullptr, 4}};
  const dd_span overlap[2] = {{0, 3, {}}, {2, 1, {}}};
  const dd_span backwards[2] = {{4, 1, {}}, {0, 1, {}}};
  tell("edit finding 0", changes->edit(txn, bytes("a.py"), token, &good, 1, 0));
  tell("edit unknown finding", changes->edit(txn, bytes("a.py"), token, &good, 1, number + 1));
  tell("edit token 0", changes->edit(txn, bytes("a.py"), 0, &good, 1, number));
  tell("edit path", changes->edit(txn, bytes("./a.py"), token, &good, 1, number));
  tell("edit no spans", changes->edit(txn, bytes("a.py"), token, nullptr, 1, number));
  tell("edit beyond", changes->edit(txn, bytes("a.py"), token, &beyond, 1, number));
  tell("edit huge", changes->edit(txn, bytes("a.py"), token, &huge, 1, number));
  tell("edit NULL text", changes->edit(txn, bytes("a.py"), token, &null_text, 1, number));
  tell("edit overlap", changes->edit(txn, bytes("a.py"), token, overlap, 2, number));
  tell("edit backwards", changes->edit(txn, bytes("a.py"), token, backwards, 2, number));
  tell("create NULL", changes->create(txn, bytes("b.py"), {nullptr, 9}, number));
  tell("remove token 0", changes->remove(txn, bytes("b.py"), 0, number));
  tell("discard root", changes->discard(txn, text("home"), bytes("x"), number));
  tell("archive to ..", changes->archive(txn, text("log:1"), bytes("x"), bytes("../x"), text("{}"), number));
  tell("archive options", changes->archive(txn, text("log:1"), bytes("x"), bytes("x"), text("[]"), number));
}

void bad_puts(dd_txn* txn) {
  uint64_t number = 0;
  tell("memory NULL value", state->put_memory(txn, bytes("k"), {nullptr, 1}));
  tell("memory empty key", state->put_memory(txn, {}, bytes("v")));
  tell("checkpoint schema", state->put_checkpoint(txn, 9, bytes("x")));
  tell("output not JSON", state->put_output(txn, text("o"), text("{")));
  tell("metric NaN", state->put_metric(txn, text("m"), std::nan("")));
  tell("finding unknown key", state->put_finding(txn, text(R"({"rule":"r","colour":"red"})"), &number));
  tell("finding not JSON", state->put_finding(txn, text("nonsense"), &number));
  tell("file ..", state->put_file(txn, text("../state.json"), bytes("x")));
  tell("file absolute", state->put_file(txn, text("/tmp/x"), bytes("x")));
}

void from_another_thread(dd_txn* txn) {
  dd_bytes value{};
  std::thread([&] {
    tell("thread: memory", state->memory(the_run, bytes("k"), &value));
    tell("thread: begin", state->begin(the_run) != nullptr);
    tell("thread: put", state->put_memory(txn, bytes("k"), bytes("v")));
    tell("thread: service", host->service(the_run, DD_STATE_SERVICE) != nullptr);
    host->log(the_run, DD_LOG_INFO, text("thread: log is allowed"));
  }).join();
}

dd_status run(void*) noexcept {
  null_pointers();
  bad_paths();
  dd_txn* txn = state->begin(the_run);
  tell("second begin", state->begin(the_run) != nullptr);
  bad_edits(txn);
  bad_puts(txn);
  from_another_thread(txn);
  tell("good put", state->put_memory(txn, bytes("k"), bytes("v")));
  tell("commit", state->commit(txn));
  tell("commit again", state->commit(txn));
  tell("put after commit", state->put_memory(txn, bytes("k"), bytes("v")));
  dd_txn* other = state->begin(the_run);
  tell("new handle", other != txn);
  tell("old handle while another is open", state->put_memory(txn, bytes("k"), bytes("v")));
  const uint64_t lost = finding(other);
  state->rollback(other);
  dd_txn* last = state->begin(the_run);
  tell("finding that was rolled back", changes->create(last, bytes("b.py"), bytes("x"), lost));
  state->rollback(last);
  return DD_OK;
}

}  // namespace

PLUGIN("breaks_contract", run);
