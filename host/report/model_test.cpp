#include "report/model.hpp"

#include <catch2/catch.hpp>

#include "daydream/kit/json.hpp"
#include "report/test_support.hpp"

namespace daydream::report {
namespace {

using checkpoint::Run;
using checkpoint::Step;
using checkpoint::StepStatus;
using test::a_finding;
using test::World;

constexpr const char* kRun = "2026-11-22";

// A night of four steps: one that changed code, one that only looked, one that fails where a test wants it,
// and the report.
class Night {
 public:
  explicit Night(Mode mode = Mode::kBranch) {
    Run run;
    run.id = kRun;
    run.date = kRun;
    run.mode = mode;
    run.started = Instant{1'795'401'000'000};
    run.facts = "{}";
    transaction_.put_run(run);
    put_step("legacy_cleanup", 1, StepStatus::kCompleted);
    put_step("log_review", 2, StepStatus::kCompleted);
    put_step("sentry_review", 3, StepStatus::kSkipped, "no organization is configured");
    options_.run = kRun;
    options_.now = Instant{1'795'401'000'000 + 90'000};
    options_.repository = "/home/me/project";
    options_.writing_step = "daily_report";
    options_.steps = {
        {"legacy_cleanup",
         "Legacy Code Cleanup",
         {{"Removed {n} dead code blocks", "", {"unused-import", "commented-out-code"}, {}}},
         "step"},
        {"log_review",
         "Log Analysis",
         {{"Analyzed {n} log entries", "lines", {}, {}}, {"Flagged {n} anomalies", "", {"log-anomaly"}, {"reported"}}},
         "step"},
        {"sentry_review", "Sentry Review", {{"{n} new errors", "", {"error-new"}, {"reported"}}}, "step"},
        {"daily_report", "", {}, "report"}};
  }

  void put_step(const std::string& id, int number, StepStatus status, const std::string& message = "") {
    Step step;
    step.run = kRun;
    step.id = id;
    step.plugin = id;
    step.number = number;
    step.status = status;
    step.message = message;
    step.started = Instant{1'795'401'000'000};
    step.finished = Instant{1'795'401'002'500};
    step.result = R"({"peak_memory": "1048576"})";
    transaction_.put_step(step);
  }
  Finding& add(Finding finding) {
    findings_.push_back(std::move(finding));
    return findings_.back();
  }
  Finding& add(const std::string& rule, Action action, bool would = false) {
    Finding finding = a_finding(findings_.size() + 1, rule, "src/a.py", static_cast<int>(findings_.size()) + 1);
    finding.action = action;
    finding.would_apply = would;
    if (rule == "log-anomaly") finding.step = "log_review";
    return add(finding);
  }
  checkpoint::Transaction& transaction() { return transaction_; }
  Options& options() { return options_; }

  std::string build() {
    for (const Finding& finding : findings_) transaction_.put_finding(kRun, finding.step, finding);
    if (!transaction_.empty()) world_.commit(std::move(transaction_));
    transaction_ = checkpoint::Transaction();
    findings_.clear();
    auto model = report::build(world_.store(), options_);
    if (!model) FAIL(model.error().message());
    return *model;
  }
  json::Text model() {
    auto parsed = json::Text::parse(build());
    if (!parsed) FAIL(parsed.error().message());
    return std::move(*parsed);
  }
  std::vector<std::string> lines() { return *daily_lines(world_.store(), options_); }

 private:
  World world_;
  checkpoint::Transaction transaction_;
  std::vector<Finding> findings_;
  Options options_;
};

const json::Value& line_of(const json::Value& model, unsigned step, unsigned line) {
  return model["steps"][step]["lines"][line];
}

std::vector<std::string> matters(const json::Value& model) {
  std::vector<std::string> list;
  for (const json::Value& item : model["action_required"].GetArray()) {
    auto command = json::get_string(item, "command");
    list.push_back(json::get_string(item, "text") + (command.empty() ? "" : " => " + command));
  }
  return list;
}

TEST_CASE("a count is that of findings whose action is the line's, with their ids") {
  Night night;
  night.add("unused-import", Action::kApplied);
  night.add("commented-out-code", Action::kApplied);
  night.add("commented-out-code", Action::kDeclined);
  night.add("deprecated-pattern", Action::kApplied);
  night.add("log-anomaly", Action::kReported);
  night.transaction().put_metric(kRun, "log_review", "lines", 120'345);
  auto text = night.model();
  const json::Value& model = text.root();
  CHECK(json::get_string(line_of(model, 0, 0), "rendered") == "Removed 2 dead code blocks");
  CHECK(json::get_int(line_of(model, 0, 0), "count") == 2);
  CHECK(json::get_strings(line_of(model, 0, 0), "items") ==
        std::vector<std::string>{"unused-import-1", "commented-out-code-2"});
  CHECK(json::get_string(line_of(model, 1, 0), "rendered") == "Analyzed 120345 log entries");
  CHECK(json::get_string(line_of(model, 1, 1), "rendered") == "Flagged 1 anomalies");
  CHECK(json::get_int(model["summary"], "issues") == 5);
  CHECK(json::get_double(model["metrics"]["log_review"], "lines") == 120'345);
  CHECK(model["findings"].Size() == 5);
}

TEST_CASE("what the mode forbade is counted, and the line says so") {
  Night night(Mode::kObserve);
  night.add("unused-import", Action::kReported, true);
  night.add("unused-import", Action::kReported, true);
  auto model = night.model();
  CHECK(json::get_string(line_of(model.root(), 0, 0), "rendered") ==
        "Removed 2 dead code blocks (would be: mode observe does not do it)");
  Night mixed(Mode::kPatch);
  mixed.add("unused-import", Action::kApplied);
  mixed.add("unused-import", Action::kProposed, true);
  auto second = mixed.model();
  CHECK(json::get_string(line_of(second.root(), 0, 0), "rendered") ==
        "Removed 2 dead code blocks (1 of them would be: mode patch does not do it)");
  CHECK(json::get_int(line_of(second.root(), 0, 0), "would") == 1);
}

TEST_CASE("the report step counts itself as completed, a skipped step is named") {
  Night night;
  auto text = night.model();
  const json::Value& model = text.root();
  CHECK(json::get_int(model["summary"], "completed") == 3);
  CHECK(json::get_int(model["summary"], "total") == 4);
  REQUIRE(model["summary"]["others"].Size() == 1);
  CHECK(json::get_string(model["summary"]["others"][0], "id") == "sentry_review");
  CHECK(json::get_string(model["summary"]["others"][0], "status") == "skipped");
  CHECK(model["steps"][2]["lines"].Empty());
  CHECK(json::get_string(model, "duration") == "1 min 30 s");
  CHECK(json::get_string(model, "started_at") == rfc3339(Instant{1'795'401'000'000}));
  CHECK(json::get_int(model["steps"][0], "duration_ms") == 2500);
  CHECK(json::get_int(model["steps"][0], "peak_memory") == 1'048'576);
  CHECK(model["action_required"].Empty());
}

TEST_CASE("findings of a step that did not complete are not counted: their actions are not settled") {
  Night night;
  night.put_step("legacy_cleanup", 1, StepStatus::kFailed, "the plugin crashed: signal 11");
  night.add("unused-import", Action::kReported);
  auto text = night.model();
  CHECK(text.root()["findings"].Empty());
  CHECK(json::get_int(text.root()["summary"], "issues") == 0);
  CHECK(matters(text.root()) ==
        std::vector<std::string>{"Step legacy_cleanup failed: the plugin crashed: signal 11 => daydream run"});
}

TEST_CASE("what needs a person is ranked, grouped and said once") {
  Night night;
  night.put_step("sentry_review", 3, StepStatus::kQuarantined, "it hung three times");
  night.add("expired-bridge", Action::kReported).message = "bridge past 2026-01-01";
  for (int i = 0; i < 5; ++i) night.add("commented-out-code", Action::kProposed);
  night.add("unused-import", Action::kRejected).note = "verify refused it: exit 1";
  night.add("unused-import", Action::kConflict).note = "src/a.py: changed in the work tree meanwhile";
  Finding& error = night.add("log-anomaly", Action::kReported);
  error.severity = Severity::kError;
  error.message = "disk errors";
  night.transaction().put_host(
      "night", R"({"ref":"refs/heads/daydream/2026-11-22","base":"b","tip":"t","commits":[{"id":"t"},{"id":"u"}]})");
  auto text = night.model();
  const std::string reviewed =
      "Review 2 commits on branch daydream/2026-11-22 and merge what is right (deleting the branch declines it) "
      "=> git diff HEAD...daydream/2026-11-22 && git merge daydream/2026-11-22";
  const std::string proposed =
      "5 proposals of legacy_cleanup for a person to decide: `src/a.py:2`, `src/a.py:3`, `src/a.py:4` and 2 more "
      "=> git apply logs/daydream/patches/2026-11-22/review-01-legacy_cleanup.patch";
  CHECK(matters(text.root()) ==
        std::vector<std::string>{
            "Step sentry_review is quarantined: it hung three times => daydream doctor", "disk errors (`src/a.py:9`)",
            "1 change for unused-import could not be made: `src/a.py:8` (src/a.py: changed in the work tree meanwhile)",
            "1 change for unused-import was refused by verify: `src/a.py:7` (verify refused it: exit 1)", reviewed,
            proposed, "bridge past 2026-01-01 (`src/a.py:1`)"});
  CHECK(json::get_strings(text.root()["action_required"][3], "findings") ==
        std::vector<std::string>{"unused-import-7"});
  CHECK(json::get_string(text.root()["night"], "ref") == "refs/heads/daydream/2026-11-22");
}

TEST_CASE("what several steps say of the same code is one matter, and ranks above each alone") {
  Night night;
  Finding& lonely = night.add("expired-bridge", Action::kReported);
  lonely.message = "bridge past 2026-01-01";
  lonely.line = 90;
  Finding& todo = night.add("unused-import", Action::kReported);
  todo.severity = Severity::kInfo;
  todo.line = 40;
  todo.message = "TODO: handle a lost connection";
  Finding& pattern = night.add("log-anomaly", Action::kReported);
  pattern.line = 42;
  pattern.message = "connection lost, 311 times";
  Finding& elsewhere = night.add("log-anomaly", Action::kReported);
  elsewhere.line = 44;  // not near the first of them
  elsewhere.message = "retrying";
  auto text = night.model();
  CHECK(matters(text.root()) ==
        std::vector<std::string>{
            "`src/a.py:42`: connection lost, 311 times (log_review); TODO: handle a lost connection (legacy_cleanup)",
            "bridge past 2026-01-01 (`src/a.py:90`)", "retrying (`src/a.py:44`)"});
}

TEST_CASE("many findings of one rule are one matter, which counts for more than a single one") {
  Night night;
  for (int i = 0; i < 6; ++i) {
    Finding& finding = night.add("log-anomaly", Action::kReported);
    finding.line = 100 + 10 * i;
  }
  night.add("expired-bridge", Action::kReported).message = "bridge past 2026-01-01";
  auto text = night.model();
  CHECK(matters(text.root()) ==
        std::vector<std::string>{"6 x log-anomaly: `src/a.py:100`, `src/a.py:110`, `src/a.py:120` and 3 more",
                                 "bridge past 2026-01-01 (`src/a.py:7`)"});
}

TEST_CASE("in patch mode the safe changes are one command away") {
  Night night(Mode::kPatch);
  night.options().state_directory = "/var/lib/day dream";
  night.add("unused-import", Action::kProposed, true);
  auto text = night.model();
  CHECK(matters(text.root()) == std::vector<std::string>{"1 safe change lies ready as a patch => git apply "
                                                         "'/var/lib/day dream/patches/2026-11-22/all.patch'"});
}

TEST_CASE("action required is at most ten, the last naming where the others are") {
  Night night;
  for (int i = 0; i < 14; ++i) night.add("rule-" + std::to_string(i), Action::kConflict);
  auto text = night.model();
  auto list = matters(text.root());
  REQUIRE(list.size() == 10);
  CHECK(list.back() == "5 more matters in the report as JSON => daydream report --date 2026-11-22 --format json");
}

TEST_CASE("secrets in the words of a failure do not reach the model") {
  Night night;
  night.put_step("log_review", 2, StepStatus::kFailed, "fetch https://joe:hunter2secret@example.com/ failed");
  night.options().notices = {"token=ghp_0123456789abcdefghijABCDEFGHIJ012345"};
  auto model = night.build();
  CHECK(model.find("hunter2secret") == std::string::npos);
  CHECK(model.find("ghp_0123456789") == std::string::npos);
}

TEST_CASE("the same store gives the same bytes") {
  Night night;
  night.add("unused-import", Action::kApplied);
  auto first = night.build();
  CHECK(night.build() == first);
}

TEST_CASE("the lines of state.json are those of the settled steps") {
  Night night;
  night.add("unused-import", Action::kApplied);
  night.transaction().put_metric(kRun, "log_review", "lines", 3);
  night.build();
  CHECK(night.lines() == std::vector<std::string>{"legacy_cleanup: removed 1 dead code blocks",
                                                  "log_review: analyzed 3 log entries",
                                                  "log_review: flagged 0 anomalies",
                                                  "sentry_review: skipped: no organization is configured"});
}

TEST_CASE("a run that is not there is said") {
  World world;
  Options options;
  options.run = "2026-01-01";
  auto model = build(world.store(), options);
  REQUIRE_FALSE(model);
  CHECK(model.error().kind() == ErrorKind::kNotFound);
}

}  // namespace
}  // namespace daydream::report
