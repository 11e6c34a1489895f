// The SDK against the in-memory host: what a step says reaches the host, and nothing that it throws does.
#include "daydream/sdk.hpp"

#include <catch2/catch.hpp>
#include <new>
#include <stdexcept>

#include "daydream/testing/memory_host.hpp"

using namespace daydream;
using namespace daydream::testing;

namespace {

// A step whose body each test gives.
using Body = std::function<Result<sdk::Outcome>(sdk::Run&)>;
Body body;

class Scripted {
 public:
  Scripted(sdk::Run& run, const json::Value&) : run_(run) {}
  Result<sdk::Outcome> run() { return body(run_); }

 private:
  sdk::Run& run_;
};

constexpr const char* kDescriptor = R"({"id": "test", "version": "1.0.0", "summary": "a test"})";
constexpr dd_plugin kPlugin = sdk::barrier::Entry<Scripted>::table(kDescriptor);

Answer run(MemoryHost& host, Body script) {
  body = std::move(script);
  return host.run(kPlugin);
}
Answer run(Body script) {
  MemoryHost host;
  return run(host, std::move(script));
}

class ThrowsInConstructor {
 public:
  ThrowsInConstructor(sdk::Run&, const json::Value&) { throw std::runtime_error("no luck"); }
  static Result<sdk::Outcome> run() { return sdk::Outcome::ok(); }
};

class RefusesToOpen {
 public:
  static Result<std::unique_ptr<RefusesToOpen>> open(sdk::Run&, const json::Value&) {
    return Error(ErrorKind::kInvalid, "organization: expected a name");
  }
  static Result<sdk::Outcome> run() { return sdk::Outcome::ok(); }
};

// A host without services, and with a table of an older, shorter shape.
const void* no_service(dd_run*, const char*) noexcept {
  return nullptr;
}
const void* short_service(dd_run*, const char*) noexcept {
  static constexpr std::size_t kSizeAlone = sizeof(std::size_t);
  return &kSizeAlone;
}
void quiet_explain(dd_run*, dd_text, dd_text) noexcept {}

std::string state_error(const void* (*service)(dd_run*, const char*) noexcept) {
  dd_host host{};
  host.struct_size = sizeof host;
  host.explain = &quiet_explain;
  host.service = service;
  const sdk::Run run(&host, nullptr);
  auto checkpoint = run.state().checkpoint();
  return checkpoint ? "" : checkpoint.error().message();
}

}  // namespace

TEST_CASE("what a step throws is explained and never leaves it") {
  auto thrown = run([](sdk::Run&) -> Result<sdk::Outcome> { throw std::runtime_error("index 7 of 3"); });
  CHECK(thrown.status == DD_PERMANENT);
  CHECK(thrown.code == "exception");
  CHECK(thrown.message == "index 7 of 3");
  CHECK(run([](sdk::Run&) -> Result<sdk::Outcome> { throw std::bad_alloc(); }).status == DD_RETRY);
  CHECK(run([](sdk::Run&) -> Result<sdk::Outcome> { throw 7; }).status == DD_PERMANENT);
}

TEST_CASE("a step that cannot open says why") {
  static constexpr dd_plugin kThrows = sdk::barrier::Entry<ThrowsInConstructor>::table(kDescriptor);
  static constexpr dd_plugin kRefuses = sdk::barrier::Entry<RefusesToOpen>::table(kDescriptor);
  MemoryHost host;
  const Answer thrown = host.run(kThrows);
  CHECK(thrown.stage == "open");
  CHECK(thrown.message == "no luck");
  const Answer refused = host.run(kRefuses);
  CHECK(refused.status == DD_PERMANENT);
  CHECK(refused.message == "organization: expected a name");
}

TEST_CASE("outcomes and errors become statuses") {
  const auto status = [](Result<sdk::Outcome> outcome) {
    return run([&](sdk::Run&) -> Result<sdk::Outcome> { return std::move(outcome); });
  };
  CHECK(status(sdk::Outcome::ok()).status == DD_OK);
  CHECK(status(sdk::Outcome::skipped("nothing configured", "not-configured")).code == "not-configured");
  CHECK(status(sdk::Outcome::skipped("nothing configured")).status == DD_SKIPPED);
  CHECK(status(sdk::Outcome::cancelled()).status == DD_CANCELLED);
  CHECK(status(Error(ErrorKind::kRetry, "later")).status == DD_RETRY);
  CHECK(status(Error(ErrorKind::kConflict, "changed")).status == DD_RETRY);
  CHECK(status(Error(ErrorKind::kInvalid, "wrong")).status == DD_PERMANENT);
  CHECK(status(Error(ErrorKind::kInvalid, "wrong")).message == "wrong");
}

TEST_CASE("a service that the host lacks is an error that says what to do") {
  CHECK(state_error(&no_service).find("checkpoint: this daydream has no service \"daydream.state/1\"") == 0);
  CHECK(state_error(&no_service).find("update daydream") != std::string::npos);
  CHECK(state_error(&short_service).find("\"daydream.state/1\" lacks a function") != std::string::npos);
}

TEST_CASE("a transaction keeps its first failure and commits nothing then") {
  MemoryHost host({.files = {{"a", "text"}}});
  const Answer answer = run(host, [](sdk::Run& run) -> Result<sdk::Outcome> {
    auto txn = run.begin();
    txn->put_memory("key", "value");
    txn->edit("a", 1, {{0, 1, ""}}, txn->put_finding({.rule = "test/x", .safety = sdk::Safety::kSafe, .path = "a"}));
    txn->put_metric("never", 1);
    auto committed = txn->commit();
    if (!committed) return std::move(committed.error());
    return sdk::Outcome::ok();
  });
  CHECK(answer.status == DD_RETRY);
  CHECK(answer.message == "edit a: it is not what the step saw");
  CHECK(host.commits().empty());
}

TEST_CASE("a transaction that goes out of scope is rolled back") {
  MemoryHost host;
  const Answer answer = run(host, [](sdk::Run& run) -> Result<sdk::Outcome> {
    { auto txn = run.begin(); }
    auto txn = run.begin();
    txn->put_memory("key", "value");
    if (auto committed = txn->commit(); !committed) return std::move(committed.error());
    CHECK_FALSE(txn->commit());
    return sdk::Outcome::ok();
  });
  CHECK(answer.good());
  CHECK(host.ledger().memory() == FileMap{{"key", "value"}});
}

TEST_CASE("files, memory, outputs, findings and facts are read whole") {
  Start start;
  start.files = {{"a.py", "a"}, {"b.txt", "b"}, {"c.py", "c"}, {"d/e.py", "e"}, {"f.py", "f"}};
  start.memory = {{"x/1", "one"}, {"x/2", "two"}, {"y", "no"}};
  start.outputs = {{{"daydream", "report"}, "{\"a\": 1}"}};
  start.findings = {{"first", R"({"rule": "r", "path": "a.py"})"}, {"second", R"({"rule": "s"})"}};
  start.now = "2026-11-22T02:30:00+01:00";
  start.previous_run = {"2026-11-21", "2026-11-21T02:30:00+01:00"};
  MemoryHost host(start);
  const Answer answer = run(host, [](sdk::Run& run) -> Result<sdk::Outcome> {
    auto files = run.files().list({"*.py"}, "a.py");
    std::string paths;
    for (const auto& entry : *files) paths += entry.path + " ";
    CHECK(paths == "c.py d/e.py f.py ");
    CHECK(run.files().read("c.py")->bytes == "c");
    CHECK(run.files().read("c.py")->token == files->at(0).token);
    CHECK(run.files().read("none").error().kind() == ErrorKind::kNotFound);
    std::string scanned;
    auto walked = run.state().scan_memory("x/", [&](std::string_view key, std::string_view value) -> Result<void> {
      scanned += std::string(key) + "=" + std::string(value) + " ";
      return {};
    });
    CHECK(walked);
    CHECK(scanned == "x/1=one x/2=two ");
    CHECK_FALSE(run.state().memory("z")->has_value());
    CHECK(run.state().output("daydream", "report")->value() == "{\"a\": 1}");
    std::string rules;
    auto each = run.state().each_finding("", [&](const json::Value& finding) -> Result<void> {
      rules += json::get_string(finding, "rule");
      return {};
    });
    CHECK(each);
    CHECK(rules == "rs");
    auto facts = run.facts();
    CHECK(facts->run_id == "2026-11-22");
    CHECK(facts->now_ms == 1795311000000);
    CHECK(facts->previous_run->run_id == "2026-11-21");
    CHECK(run.root("source"));
    CHECK(run.root("input:none").error().kind() == ErrorKind::kNotFound);
    return sdk::Outcome::ok();
  });
  CHECK(answer.breaks.empty());
  CHECK(answer.status == DD_OK);
}

namespace {

// Says what migrate was given, and what a command knows of where it is called.
class Told {
 public:
  Told(sdk::Run& run, const json::Value&) : run_(run) {}
  Result<sdk::Outcome> run() { return sdk::Outcome::ok(); }
  Result<sdk::Outcome> command(std::string_view name, const json::Value&) {
    auto facts = run_.facts();
    if (!facts) return std::move(facts.error());
    CHECK(facts->command == name);
    CHECK(facts->directory == *run_.root("repository"));
    CHECK(facts->blob_format == "sha1");
    return sdk::Outcome::ok();
  }
  Result<void> migrate(std::uint32_t checkpoint, std::uint32_t memory, sdk::Transaction& txn) {
    txn.put_memory("told", std::to_string(checkpoint) + " " + std::to_string(memory));
    return {};
  }

 private:
  sdk::Run& run_;
};

constexpr dd_plugin kTold = sdk::barrier::Entry<Told>::table(
    R"({"id": "told", "version": "2.0.0", "summary": "s", "checkpoint_schema": 3, "memory_schema": 2,
        "commands": [{"name": "where", "summary": "s"}]})");

}  // namespace

TEST_CASE("migrate is given the schemas that were found, and 0 for what is not there") {
  MemoryHost host({.memory = {{"old", "x"}}, .memory_schema = 1});
  CHECK(host.run(kTold).good());
  CHECK(host.ledger().memory().at("told") == "0 1");
  MemoryHost fresh({.memory_schema = 1});
  CHECK(fresh.run(kTold).good());
  CHECK(fresh.ledger().memory().empty());  // nothing to migrate
}

TEST_CASE("a command knows its name and where the user stands") {
  MemoryHost host({.files = {{"a", "x"}}});
  const Answer answer = host.command(kTold, "where", "[]");
  INFO(answer.message);
  CHECK(answer.good());
}

TEST_CASE("roots of the manifest's paths are counted from 1") {
  MemoryHost good({.roots = {{"log:1", {{"a.log", "x\n"}}}}});
  CHECK(run(good, [](sdk::Run& run) -> Result<sdk::Outcome> {
          CHECK(run.root("log:1"));
          CHECK(run.root("log:2").error().kind() == ErrorKind::kNotFound);
          return sdk::Outcome::ok();
        }).good());
  for (const char* name : {"log:0", "log:01", "log:", "log:x", "logs"}) {
    MemoryHost wrong({.roots = {{name, {{"a.log", "x\n"}}}}});
    const Answer answer = run(wrong, [](sdk::Run&) -> Result<sdk::Outcome> { return sdk::Outcome::ok(); });
    CHECK(answer.stage == "prepare");
    CHECK(answer.message == "root \"" + std::string(name) + R"(": expected "repository" or "log:<n>", n from 1)");
  }
}

TEST_CASE("a finding of a path that is not UTF-8 keeps its bytes") {
  const sdk::Finding finding{.rule = "test/x", .path = "a\xff"};
  CHECK(finding.to_json() == R"({"rule":"test/x","severity":"info","safety":"info","path_hex":"61ff"})");
  CHECK(read_finding(1, finding.to_json())->path == "a\xff");
}
