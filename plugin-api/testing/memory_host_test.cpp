#include "daydream/testing/memory_host.hpp"

#include <unistd.h>
#include <catch2/catch.hpp>
#include <csignal>
#include <functional>
#include <thread>

#include "daydream/kit/git.hpp"
#include "daydream/sdk.hpp"
#include "daydream/testing/cases.hpp"

using namespace daydream;
using namespace daydream::testing;

namespace {

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

std::vector<std::string> breaks_of(Body script) {
  MemoryHost host({.files = {{"a", "text"}}});
  body = std::move(script);
  return host.run(kPlugin).breaks;
}
const dd_state_service& state_of(sdk::Run& run) {
  return *static_cast<const dd_state_service*>(run.host()->service(run.handle(), DD_STATE_SERVICE));
}
const dd_changes_service& changes_of(sdk::Run& run) {
  return *static_cast<const dd_changes_service*>(run.host()->service(run.handle(), DD_CHANGES_SERVICE));
}

// Appends "!" to each file, one commit a file, resumed by the checkpoint.
Result<sdk::Outcome> shout(sdk::Run& run) {
  auto checkpoint = run.state().checkpoint();
  if (!checkpoint) return std::move(checkpoint.error());
  auto files = run.files().list({}, *checkpoint ? std::string((*checkpoint)->bytes) : "");
  if (!files) return std::move(files.error());
  for (const auto& entry : *files) {
    if (run.cancelled()) return sdk::Outcome::cancelled();
    auto txn = run.begin();
    if (!txn) return std::move(txn.error());
    const auto finding = txn->put_finding({.rule = "test/quiet", .safety = sdk::Safety::kSafe, .path = entry.path});
    txn->edit(entry.path, entry.token, {{entry.size, 0, "!"}}, finding);
    txn->put_checkpoint(1, entry.path);
    if (auto committed = txn->commit(); !committed) return std::move(committed.error());
  }
  return sdk::Outcome::ok();
}

// As above, but it forgets how far it has come.
Result<sdk::Outcome> shout_forgetfully(sdk::Run& run) {
  auto files = run.files().list();
  if (!files) return std::move(files.error());
  for (const auto& entry : *files) {
    auto txn = run.begin();
    if (!txn) return std::move(txn.error());
    txn->edit(entry.path, entry.token, {{entry.size, 0, "!"}},
              txn->put_finding({.rule = "test/quiet", .safety = sdk::Safety::kSafe, .path = entry.path}));
    if (auto committed = txn->commit(); !committed) return std::move(committed.error());
  }
  return sdk::Outcome::ok();
}

const FileMap kFiles = {{"a", "1"}, {"b", "2"}, {"c", "3"}};
const FileMap kShouted = {{"a", "1!"}, {"b", "2!"}, {"c", "3!"}};

Case case_of(const std::string& text) {
  return parse_cases(text, "x.case")->cases.at(0);
}

}  // namespace

TEST_CASE("a step killed after any commit goes on from it") {
  body = shout;
  for (int kill_at = 1; kill_at <= 3; ++kill_at) {
    MemoryHost host({.files = kFiles});
    const Answer killed = host.run_killed_after(kPlugin, kill_at);
    CHECK(killed.killed);
    CHECK(host.commits().size() == static_cast<std::size_t>(kill_at));
    CHECK(host.run(kPlugin).good());
    CHECK(host.ledger().applied() == kShouted);
    CHECK(host.finding_lines().size() == 3);
  }
  MemoryHost host({.files = kFiles});
  CHECK_FALSE(host.run_killed_after(kPlugin, 4).killed);
  CHECK(host.ledger().applied() == kShouted);
}

TEST_CASE("a step asked to stop commits nothing more and goes on in the next run") {
  body = shout;
  MemoryHost host({.files = kFiles});
  host.stop_after_commits(2);
  CHECK(host.run(kPlugin).status == DD_CANCELLED);
  CHECK(host.commits().size() == 2);
  CHECK(host.run(kPlugin).good());
  CHECK(host.ledger().applied() == kShouted);
}

TEST_CASE("a crash in a child is an answer, and what was committed stays") {
  body = [](sdk::Run& run) -> Result<sdk::Outcome> {
    auto txn = run.begin();
    txn->put_memory("key", "value");
    if (auto committed = txn->commit(); !committed) return std::move(committed.error());
    std::signal(SIGTERM, SIG_DFL);
    std::raise(SIGTERM);
    return sdk::Outcome::ok();
  };
  MemoryHost host;
  CHECK(host.run_in_child(kPlugin).crash == "signal 15 (Terminated)");
  CHECK(host.ledger().memory() == FileMap{{"key", "value"}});
}

TEST_CASE("review changes are proposed, safe ones applied, joined ones as safe as the least of them") {
  body = [](sdk::Run& run) -> Result<sdk::Outcome> {
    const std::uint64_t token = run.files().read("a")->token;
    auto txn = run.begin();
    const auto put = [&](sdk::Safety safety) {
      return txn->put_finding({.rule = "r/r", .safety = safety, .path = "a"});
    };
    txn->edit("a", token, {{0, 1, "S"}}, put(sdk::Safety::kSafe));
    txn->edit("a", token, {{3, 2, ""}}, put(sdk::Safety::kReview));
    txn->edit("a", token, {{4, 2, ""}}, put(sdk::Safety::kSafe));
    if (auto committed = txn->commit(); !committed) return std::move(committed.error());
    return sdk::Outcome::ok();
  };
  MemoryHost host({.files = {{"a", "0123456"}}});
  CHECK(host.run(kPlugin).good());
  CHECK(host.file("a") == "S123456");
  CHECK(host.ledger().proposed().at("a") == "S126");
}

TEST_CASE("a change that another's does not allow is a conflict, and nothing of it is done") {
  body = [](sdk::Run& run) -> Result<sdk::Outcome> {
    auto txn = run.begin();
    const auto first = txn->put_finding({.rule = "r/first", .safety = sdk::Safety::kSafe, .path = "a"});
    const auto second = txn->put_finding({.rule = "r/second", .safety = sdk::Safety::kSafe, .path = "a"});
    const std::uint64_t token = run.files().read("a")->token;
    txn->edit("a", token, {{1, 2, "x"}}, first);
    txn->edit("a", token, {{2, 2, "y"}}, second);
    txn->edit("b", run.files().read("b")->token, {{0, 1, "z"}}, second);
    if (auto committed = txn->commit(); !committed) return std::move(committed.error());
    return sdk::Outcome::ok();
  };
  MemoryHost host({.files = {{"a", "0123"}, {"b", "0"}}});
  CHECK(host.run(kPlugin).good());
  CHECK(host.ledger().applied() == FileMap{{"a", "0x3"}, {"b", "0"}});
  CHECK(host.finding_lines() == std::vector<std::string>{"a r/first safe", "a r/second safe conflict"});
}

TEST_CASE("broken promises are named") {
  const auto ok = [] { return Result<sdk::Outcome>(sdk::Outcome::ok()); };
  CHECK(breaks_of([&](sdk::Run& run) {
          dd_txn* txn = state_of(run).begin(run.handle());
          (void)state_of(run).commit(txn);
          (void)state_of(run).put_metric(txn, {"m", 1}, 1);
          return ok();
        }) == std::vector<std::string>{"put_metric: the transaction has ended (commit and rollback consume it)"});
  CHECK(breaks_of([&](sdk::Run& run) {
          (void)state_of(run).begin(run.handle());
          CHECK(state_of(run).begin(run.handle()) == nullptr);
          return ok();
        }) == std::vector<std::string>{"begin: another transaction is open",
                                       "the step ended with a transaction open (neither commit nor rollback)"});
  CHECK(breaks_of([&](sdk::Run& run) {
          const dd_state_service& state = state_of(run);
          std::thread([&] { (void)state.checkpoint(run.handle(), nullptr, nullptr); }).join();
          return ok();
        }) == std::vector<std::string>{"checkpoint: called from another thread than the run thread"});
  CHECK(breaks_of([&](sdk::Run& run) {
          CHECK(state_of(run).put_metric(nullptr, {"m", 1}, 1) == DD_BAD_ARGUMENT);
          CHECK(changes_of(run).read(run.handle(), {nullptr, 1}, nullptr, nullptr) == DD_BAD_ARGUMENT);
          return ok();
        }) == std::vector<std::string>{"put_metric: a null transaction", "read: a null pointer with a size"});
  CHECK(breaks_of([&](sdk::Run& run) {
          auto txn = run.begin();
          txn->edit("a", run.files().read("a")->token, {{0, 1, ""}}, 9);
          return ok();
        }) == std::vector<std::string>{"edit a: finding 9 was not put in this run"});
  CHECK(breaks_of([&](sdk::Run& run) {
          auto txn = run.begin();
          txn->put_file("../escape", "");
          return ok();
        }) == std::vector<std::string>{"put_file ../escape: not a clean relative name, or over 64 MiB"});
}

TEST_CASE("a case that holds has no problem, and says what is wrong where it does not") {
  body = shout;
  // The lines of the case end in line feeds, so "!" comes behind them.
  const std::string text =
      "== one\n-- before a\n1\n-- before b\n2\n-- findings\nb test/quiet safe\na test/quiet safe\n"
      "-- after a [no-newline]\n1\n!\n-- after b [no-newline]\n2\n!\n";
  CHECK(run_case(kPlugin, case_of(text)).problems.empty());
  const CaseReport wrong = run_case(kPlugin, case_of("== one\n-- before a\n1\n-- findings\na:2 test/quiet safe\n"));
  REQUIRE(wrong.problems.size() == 2);
  CHECK(wrong.problems[0] == "-- findings (- expected, + actual)\n  - a:2 test/quiet safe\n  + a test/quiet safe\n");
  CHECK(wrong.problems[1].find("-- after a: happened, but was not expected") == 0);
}

TEST_CASE("a case catches a step that forgets what it has done") {
  body = shout_forgetfully;
  const std::string text =
      "== one\n-- before a [no-newline]\n1\n-- before b [no-newline]\n2\n-- findings\na test/quiet safe\n"
      "b test/quiet safe\n-- after a [no-newline]\n1!\n-- after b [no-newline]\n2!\n";
  const CaseReport report = run_case(kPlugin, case_of(text));
  REQUIRE_FALSE(report.problems.empty());
  CHECK(report.problems.at(0).find("killed after its first commit") != std::string::npos);
}

TEST_CASE("a case catches a step that ends differently each time") {
  body = [](sdk::Run& run) -> Result<sdk::Outcome> {
    auto txn = run.begin();
    txn->put_output("root", "\"" + run.root("source").value() + std::to_string(::getpid()) + "\"");
    if (auto committed = txn->commit(); !committed) return std::move(committed.error());
    return sdk::Outcome::ok();
  };
  const CaseReport report = run_case(kPlugin, case_of("== one\n-- before a\n1\n"));
  REQUIRE_FALSE(report.problems.empty());
  CHECK(report.problems.at(0).find("two runs of the same start differ") == 0);
}

TEST_CASE("a history is a real repository under source and repository") {
  body = [](sdk::Run& run) -> Result<sdk::Outcome> {
    auto txn = run.begin();
    for (const char* root : {"source", "repository"}) {
      auto repository = git::Repository::open(run.root(root).value());
      if (!repository) return std::move(repository.error());
      auto log = repository->log("HEAD", "", 10);
      if (!log) return std::move(log.error());
      txn->put_metric(std::string("commits of ") + root, static_cast<double>(log->size()));
      txn->put_metric(std::string("first of ") + root, static_cast<double>(log->back().author_time));
    }
    if (auto committed = txn->commit(); !committed) return std::move(committed.error());
    return sdk::Outcome::ok();
  };
  const CaseReport report = run_case(
      kPlugin,
      case_of("== one\n-- commit \"one\" 2024-01-31\n-- file a\n1\n-- commit two 2024-02-01T00:00:00Z\n-- gone a\n"
              "-- file b\n2\n-- live build/x.pyc\nx\n-- metrics\ncommits of repository: 2\ncommits of source: 2\n"
              "first of repository: 1.7067e+09\nfirst of source: 1.7067e+09\n"));
  for (const auto& problem : report.problems) UNSCOPED_INFO(problem);
  CHECK(report.problems.empty());
}
