// One manifest per team: a base, what lies upon it, and whether a step runs.
#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "e2e/running.hpp"

using namespace daydream::e2e;
using daydream::testing::read_file;
using daydream::testing::write_file;

namespace {

constexpr int kOk = 0, kRefused = 65, kResumable = 75;

std::string marker(const std::string& id, const std::string& members = "", const std::string& config = "{}") {
  return R"({"id": ")" + id + R"(", "plugin": ")" + std::string(E2E_STEPS) + R"(/marker.so", "config": )" + config +
         (members.empty() ? "" : ", " + members) + "}";
}
constexpr const char* kFails = R"({"trouble": "permanent"})";

struct Team : World {
  Team() { marked_project(*this); }
  void steps(const std::string& list) { manifest(R"({"manifest": 1, "mode": "observe", "steps": [)" + list + "]}"); }
  Ran night(const std::string& date, std::vector<std::string> more = {}) const {
    more.insert(more.end(), {"--now", date + "T02:30:00Z"});
    return run(more);
  }
  // "a completed; b skipped: why" of state.json.
  [[nodiscard]] std::string outcome() const {
    const auto parsed = daydream::json::Text::parse(read_file(state() / "state.json"), {.name = "state"});
    if (!parsed) return parsed.error().message();
    std::string all;
    for (const auto& step : daydream::json::find(parsed->root(), "steps")->GetArray()) {
      const std::string message = daydream::json::get_string(step, "message");
      all.append(all.empty() ? "" : "; ").append(daydream::json::get_string(step, "id")).append(" ");
      all.append(daydream::json::get_string(step, "status"));
      if (!message.empty()) all.append(": ").append(message);
    }
    return all;
  }
};

// The blocks of a guide that are files: "<!-- file: NAME -->" before a fence.
std::map<std::string, std::string> files_of(const std::string& guide) {
  std::map<std::string, std::string> files;
  const std::string mark = "<!-- file: ";
  for (std::size_t at = guide.find(mark); at != std::string::npos; at = guide.find(mark, at + 1)) {
    const std::size_t name = at + mark.size();
    const std::size_t start = guide.find('\n', guide.find("```", name)) + 1;
    files[guide.substr(name, guide.find(" -->", name) - name)] = guide.substr(start, guide.find("```", start) - start);
  }
  return files;
}

}  // namespace

TEST_CASE_METHOD(Team, "the base and overlay of the guide are whole, and run without trust") {
  const auto files = files_of(read_file(CONFIG_DIRECTORY "/README.md"));
  REQUIRE(files.size() == 2);
  for (const auto& [name, content] : files) write_file(root() / name, content);
  const Ran valid = daydream({"validate"});
  INFO(valid.out << valid.err);
  REQUIRE(valid.exit_code == kOk);
  CHECK(contains(valid.out, "3  old_logs  (log_review"));
  const Ran explained = daydream({"config", "--explain"});
  CHECK(contains(explained.out, "\"04:00\""));
  CHECK(contains(explained.out, "base.json:7"));
  CHECK(contains(explained.out, "team by default, "));
  CHECK(contains(explained.out, "(final by "));
  environment["DAYDREAM_TEAM"] = "web";
  CHECK(contains(daydream({"config", "--explain"}).out, "(team from $DAYDREAM_TEAM)"));
}

TEST_CASE_METHOD(Team,
                 "the machine's base is the pipeline where a repository has none, and none of a given one's business") {
  write_file(root() / "etc/base.json", R"({"manifest": 1, "mode": "observe", "steps": [)" + marker("machine") + "]}");
  const Ran ran = daydream({"run", "--now", "2026-11-22T02:30:00Z"});
  INFO(ran.err);
  CHECK(ran.exit_code == kOk);
  CHECK(outcome() == "machine completed");
  steps(marker("given"));
  CHECK(night("2026-11-22").exit_code == kOk);
  CHECK(outcome() == "given completed");
  ::chmod((root() / "etc/base.json").c_str(), 0666);
  const Ran refused = daydream({"run"});
  CHECK(refused.exit_code == kRefused);
  CHECK(refused.err == "daydream: " + (root() / "etc/base.json").string() +
                           ": others may write it, so it cannot be a base for every repository; chmod go-w it, and "
                           "give it to root\n");
}

TEST_CASE_METHOD(Team, "an untrusted repository sees nothing of a file outside it") {
  write_file(root() / "outside.json", "root:x:0:0\n");
  write(".daydream/pipeline.json", R"({"manifest": 1, "extends": ["../../outside.json"]})");
  for (const char* command : {"run", "validate", "doctor"}) {
    const Ran ran = daydream({command});
    CHECK(ran.exit_code == kRefused);
    CHECK(contains(ran.out + ran.err,
                   "extends[0]: " + (root() / "outside.json").string() + ", a file outside the repository"));
    CHECK_FALSE(contains(ran.out + ran.err, "root:x"));
  }
}

TEST_CASE_METHOD(Team, "what an administrator keeps is refused to a repository, with both places") {
  write_file(root() / "etc/base.json", R"({"manifest": 1, "extends": ["daydream"],
 "final": ["retention"]})");
  write(".daydream/pipeline.json", "{\"manifest\": 1,\n \"retention\": \"2d\"}");
  const Ran ran = daydream({"run"});
  CHECK(ran.exit_code == kRefused);
  CHECK(ran.err == "daydream: .daydream/pipeline.json:2:15: retention: final: only " +
                       (root() / "etc/base.json").string() + " and what it extends may say \"retention\" (" +
                       (root() / "etc/base.json").string() +
                       ":2); leave it out here\n  2 |  \"retention\": \"2d\"}\n    |               ^~~~\n");
  CHECK_FALSE(has("logs/daydream/daydream.db"));
}

TEST_CASE_METHOD(Team, "a final mode is refused to the flag, but may be said again") {
  const std::string base = (root() / "etc/base.json").string();
  write_file(base, R"({"manifest": 1, "extends": ["daydream"], "mode": "observe",
 "final": ["mode"]})");
  const Ran ran = daydream({"run", "--mode", "in-place"});
  CHECK(ran.exit_code == kRefused);
  CHECK(ran.err ==
        "daydream: --mode in-place: the manifest's \"mode\" is final (" + base + ":2): observe; leave the flag out\n");
  CHECK_FALSE(has("logs/daydream/daydream.db"));
  CHECK(daydream({"run", "--mode", "observe"}).exit_code == 0);
}

TEST_CASE_METHOD(Team, "options that no file gives are explained by their plugin, where the manifest is trusted") {
  const std::string text = R"({"manifest": 1, "steps": [{"id": "log_review", "plugin": "log_review",
    "config": {"archive": {"apply": true}}}, {"id": "daily_report", "plugin": "daily_report"}],
    "verify": {"command": ["true"]}})";
  manifest(text);
  const Ran ran = daydream({"config", "--explain", "--manifest", (root() / "pipeline.json").string()});
  const auto line_of = [&](const std::string& key) {
    const std::size_t at = ran.out.find(key + " ");
    return at == std::string::npos ? "" : ran.out.substr(at, ran.out.find('\n', at) - at);
  };
  CHECK(contains(line_of("steps[0].config.archive.apply"), "pipeline.json:2"));
  CHECK(contains(line_of("steps[0].config.archive.unlink"), "default  (of plugin log_review "));
  CHECK(contains(line_of("steps[0].config.window"), "\"24h\""));
  CHECK(ran.out.find("steps[0].config.window") < ran.out.find("steps[1].id"));

  write(".daydream/pipeline.json", text);
  const Ran untrusted = daydream({"config", "--explain"});
  CHECK(untrusted.exit_code == 0);
  CHECK(contains(untrusted.out, "steps[0].config.archive.apply"));
  CHECK_FALSE(contains(untrusted.out, "of plugin"));
  CHECK(contains(untrusted.err, "the options that no file gives are not shown: "));
}

TEST_CASE_METHOD(Team, "an option is explained at its own step, also where the report stands first") {
  manifest(R"({"manifest": 1, "steps": [{"id": "daily_report", "plugin": "daily_report"},
    {"id": "log_review", "plugin": "log_review"}]})");
  const Ran ran = daydream({"config", "--explain", "--manifest", (root() / "pipeline.json").string()});
  CHECK(contains(ran.out, "\nsteps[0].config.items "));
  CHECK(contains(ran.out, "\nsteps[1].config.window "));
}

TEST_CASE_METHOD(Team, "elements that were appended and removed are explained each") {
  write_file(root() / "base.json",
             "{\"manifest\": 1, \"extends\": [\"daydream\"],\n \"hosts\": {\"docs_update\": [\"a.org\", \"b.org\"]}}");
  manifest(
      "{\"manifest\": 1, \"extends\": [\"base.json\"],\n \"hosts\": {\"docs_update\": {\"remove\": [\"a.org\"],\n  "
      "\"append\": [\"c.org\"]}},\n \"steps\": [{\"id\": \"legacy_cleanup\", \"config\": {\"exclude\": {\"append\": "
      "[\"gen/\"]}}}]}");
  const std::string file = (root() / "pipeline.json").string(), base = (root() / "base.json").string();
  const std::string out = daydream({"config", "--explain", "--manifest", file}).out;
  const auto explained = [&out](const std::string& value, const std::string& from) {
    const std::size_t at = out.find("  \"" + value + "\"  ");
    const std::string line = out.substr(out.rfind('\n', at) + 1, out.find('\n', at) - out.rfind('\n', at) - 1);
    INFO(line);
    CHECK(daydream::testing::contains(line, from));
    return line.substr(0, line.find(' '));
  };
  CHECK(explained("b.org", "  " + base + ":2") == "hosts.docs_update[0]");
  CHECK(explained("c.org", "  " + file + ":3  (appended)") == "hosts.docs_update[1]");
  CHECK(explained("a.org", "  " + file + ":2  (removed, was " + base + ":2)") == "hosts.docs_update");
  CHECK(explained("gen/", "  " + file + ":4  (upon the plugin's default)") == "steps[0].config.exclude.append[0]");
}

TEST_CASE_METHOD(Team, "success, failure and always after a step that failed and let the run go on") {
  steps(marker("bad", R"("on_failure": "continue")", kFails) + "," + marker("cheer", R"("when": "success")") + "," +
        marker("clean", R"("when": "failure")") + "," + marker("always", R"("when": "always")"));
  const Ran ran = night("2026-11-22");
  CHECK(ran.exit_code == kOk);
  CHECK_THAT(outcome(), Catch::Contains("bad failed"));
  CHECK_THAT(outcome(), Catch::EndsWith("cheer skipped: when success: bad failed; clean completed; always completed"));
}

TEST_CASE_METHOD(Team, "nothing failed: failure is skipped, in words, and the report says so") {
  steps(marker("good") + "," + marker("clean", R"("when": "failure")") + "," + marker("cheer", R"("when": "success")") +
        R"(, {"id": "daily_report", "plugin": "daily_report"})");
  CHECK(night("2026-11-22").exit_code == kOk);
  CHECK(
      outcome() ==
      "good completed; clean skipped: when failure: no step before it failed; cheer completed; daily_report completed");
  CHECK(contains(report(*this), "when failure: no step before it failed"));
}

TEST_CASE_METHOD(Team, "after a stop only always and failure run, the next start goes on with the rest") {
  const std::string rest = "," + marker("plain") + "," + marker("cheer", R"("when": "success")") + "," +
                           marker("clean", R"("when": "failure")") + "," + marker("always", R"("when": "always")");
  steps(marker("bad", "", kFails) + rest);
  CHECK(night("2026-11-22").exit_code == kResumable);
  CHECK_THAT(outcome(), Catch::EndsWith("plain pending; cheer pending; clean completed; always completed"));
  steps(marker("bad") + rest);
  CHECK(night("2026-11-22").exit_code == kOk);
  CHECK(outcome() == "bad completed; plain completed; cheer completed; clean completed; always completed");
}

TEST_CASE_METHOD(Team, "every week: once from Monday to Sunday, made up for, forced by --only") {
  steps(marker("weekly", R"("every": "week")") + "," + marker("nightly"));
  CHECK(night("2026-11-18").exit_code == kOk);
  CHECK(outcome() == "weekly completed; nightly completed");
  CHECK(night("2026-11-22").exit_code == kOk);
  CHECK(outcome() ==
        "weekly skipped: every week: it ran in the night of 2026-11-18; it is due again from 2026-11-23; nightly "
        "completed");
  CHECK(night("2026-11-22", {"--only", "weekly"}).exit_code == kOk);
  CHECK(outcome() == "weekly completed");
  CHECK(night("2026-11-24").exit_code == kOk);  // Monday's night was missed
  CHECK(outcome() == "weekly completed; nightly completed");
}

TEST_CASE_METHOD(Team, "a week that a step failed in is made up for") {
  steps(marker("weekly", R"("every": "week", "on_failure": "continue")", kFails));
  CHECK(night("2026-11-16").exit_code == kOk);
  steps(marker("weekly", R"("every": "week", "on_failure": "continue")"));
  CHECK(night("2026-11-17").exit_code == kOk);
  CHECK(outcome() == "weekly completed");
}

TEST_CASE_METHOD(Team, "a resumed run decides by its own date") {
  steps(marker("weekly", R"("every": "week")"));
  CHECK(night("2026-11-16").exit_code == kOk);
  steps(marker("bad", "", kFails) + "," + marker("weekly", R"("every": "week")"));
  CHECK(night("2026-11-22").exit_code == kResumable);
  steps(marker("bad") + "," + marker("weekly", R"("every": "week")"));
  const Ran ran = night("2026-11-23");  // finishes Sunday's run, then its own
  CHECK(ran.exit_code == kOk);
  CHECK(outcome() == "bad completed; weekly completed");
  const std::string sunday = daydream({"report", "--date", "2026-11-22", "--format", "json"}).out;
  CHECK(contains(sunday, "every week: it ran in the night of 2026-11-16"));
}

TEST_CASE_METHOD(Team, "a step that had begun when the run was killed goes on with it") {
  steps(marker("changed", R"("when": {"changed": "*.txt"}, "every": "day", "idle_timeout": "1s")",
               R"({"trouble": "hang", "at": 2, "times": 1})"));
  Running running = Running::night(*this);
  REQUIRE(running.until([&] { return contains(state_member(*this, "steps"), "running"); }));
  running.signal(SIGKILL);
  REQUIRE(running.wait(std::chrono::seconds(10)));
  CHECK(night("2026-11-22").exit_code == kOk);
  CHECK(outcome() == "changed completed");
}

TEST_CASE_METHOD(Team, "changed: only where a committed file that matches has changed since it last completed") {
  steps(marker("texts", R"("when": {"changed": ["docs/**", "*.txt"]})"));
  CHECK(night("2026-11-20").exit_code == kOk);
  CHECK(outcome() == "texts completed");
  write("src/a.py", "x = 1\n");
  commit("code");
  CHECK(night("2026-11-21").exit_code == kOk);
  CHECK(outcome() ==
        "texts skipped: when changed: no file that matches docs/**, *.txt has changed since the night of 2026-11-20");
  CHECK(night("2026-11-21", {"--only", "texts"}).exit_code == kOk);
  CHECK(outcome() == "texts completed");
  write("a.txt", "another\n");
  commit("text");
  CHECK(night("2026-11-22").exit_code == kOk);
  CHECK(outcome() == "texts completed");
  git({"commit", "-q", "--amend", "-m", "rewritten"});
  CHECK(night("2026-11-23").exit_code == kOk);
  CHECK_THAT(outcome(), Catch::Contains("texts skipped: when changed"));
}

TEST_CASE_METHOD(Team, "the report has neither when nor every, and stands last") {
  steps(marker("a", R"("after": "r")") + R"(, {"id": "r", "plugin": "daily_report", "every": "week"})");
  const Ran ran = night("2026-11-22");
  CHECK(ran.exit_code == kRefused);
  CHECK(contains(ran.err,
                 "steps[1].every: every run has its report: \"when\" and \"every\" are not for a step with the "
                 "role \"report\"\n"));
  CHECK(contains(ran.err, "the report is written last: no step stands after \"r\"\n"));
}

TEST_CASE_METHOD(Team, "a pinned plugin is refused with both hashes before it is opened") {
  write_file(root() / "own.so", "this is no library\n");
  const std::string pin(64, '0');
  manifest(R"({"manifest": 1, "steps": [{"id": "own", "plugin": "./own.so", "sha256": ")" + pin + "\"}]}");
  const Ran ran = night("2026-11-22");
  CHECK(ran.exit_code == kRefused);
  CHECK(contains(ran.err, "steps[0].sha256: plugin " + (root() / "own.so").string() +
                              " is not the one that is pinned\n    pinned " + pin + "\n    found  "));
  CHECK(contains(ran.err, "if the change is meant, write what `daydream plugins info " + (root() / "own.so").string() +
                              "` prints\n"));
  CHECK_FALSE(contains(ran.err, "ELF"));
  const std::string info = daydream({"plugins", "info", std::string(E2E_STEPS) + "/marker.so"}).out;
  const std::string hash = info.substr(info.find("sha256") + 12, 64);
  steps(marker("pinned", R"("sha256": ")" + hash + "\""));
  CHECK(night("2026-11-22").exit_code == kOk);
}

TEST_CASE_METHOD(Team, "a list that a plugin has by default is added to, and what it lacks cannot be taken out") {
  manifest(R"({"manifest": 1, "steps": [{"id": "legacy_cleanup", "plugin": "legacy_cleanup",
 "config": {"exclude": {"append": ["gen/"], "remove": ["vendor/"]}}}]})");
  const std::string file = (root() / "pipeline.json").string();
  CHECK(daydream({"validate", "--manifest", file}).exit_code == kOk);
  manifest(R"({"manifest": 1, "steps": [{"id": "legacy_cleanup", "plugin": "legacy_cleanup",
 "config": {"exclude": {"remove": ["vendr/"]}}}]})");
  const Ran ran = daydream({"validate", "--manifest", file});
  CHECK(ran.exit_code == kRefused);
  CHECK(contains(ran.err,
                 ":2:36: steps[0].config.exclude.remove[0]: not in the list that the plugin has by default: [\"node_"));
}

TEST_CASE_METHOD(Team, "trust is given, listed by doctor, lost by a change, and taken back") {
  write(".daydream/pipeline.json",
        R"({"manifest": 1, "extends": ["daydream"], "verify": {"command": ["touch", "ran"]}})");
  CHECK(daydream({"run"}).exit_code == kRefused);
  CHECK_FALSE(has("logs/daydream/daydream.db"));
  const Ran given = daydream({"trust"});
  CHECK(given.exit_code == kOk);
  CHECK(contains(given.out, ".daydream/pipeline.json:1:52: verify"));
  CHECK(daydream({"validate"}).exit_code == kOk);
  const std::string listed = "(" + given.out.substr(given.out.find('(') + 1, 12) + "): ";
  CHECK(contains(daydream({"doctor"}).out, repository().string() + " " + listed + "as it is now"));
  write(".daydream/pipeline.json",
        R"({"manifest": 1, "extends": ["daydream"], "verify": {"command": ["touch", "other"]}})");
  const Ran changed = daydream({"validate"});
  CHECK(changed.exit_code == kRefused);
  CHECK(contains(changed.err, "has changed since it was trusted, and it names what needs trust:\n  "));
  CHECK(contains(daydream({"doctor"}).out, listed + "has changed since; what it names is refused"));
  CHECK(daydream({"untrust"}).out == repository().string() + ": no longer trusted\n");
  CHECK(contains(daydream({"doctor"}).out, "repositories whose manifest is trusted: 0\n"));
}
