// The program as its user meets it: words in, text and exit code out.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "daydream/kit/json.hpp"
#include "daydream/kit/process.hpp"

using namespace daydream;
using Catch::Contains;
using Catch::EndsWith;
using Catch::StartsWith;
using Words = std::vector<std::string>;

namespace {

// A folder with a git repository, a home and a cache of its own.
class World {
 public:
  World() {
    std::string name = "/tmp/daydream-cli-XXXXXX";
    root_ = std::filesystem::canonical(::mkdtemp(name.data()));
    std::filesystem::create_directories(repository());
    std::filesystem::create_directories(root_ / "home");
  }
  ~World() { std::filesystem::remove_all(root_); }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  std::filesystem::path root() const { return root_; }
  std::filesystem::path repository() const { return root_ / "repo"; }
  void write(const std::string& name, const std::string& content) const {
    std::filesystem::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name, std::ios::binary) << content;
  }
  void git(const Words& words) const {
    Words all{"git", "-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"};
    all.insert(all.end(), words.begin(), words.end());
    REQUIRE(run_program(all, repository()).exit_code == 0);
  }
  process::Outcome daydream(const Words& words, const std::string& below = "repo") const {
    Words all{DAYDREAM_PROGRAM};
    all.insert(all.end(), words.begin(), words.end());
    return run_program(all, root_ / below);
  }

 private:
  process::Outcome run_program(const Words& words, const std::filesystem::path& directory) const {
    process::Command command;
    command.arguments = words;
    command.directory = directory;
    command.environment = std::map<std::string, std::string>{{"PATH", std::getenv("PATH")},
                                                             {"HOME", root_ / "home"},
                                                             {"GIT_CONFIG_NOSYSTEM", "1"},
                                                             {"DAYDREAM_SYSTEM_DIR", root_ / "etc"}};
    auto outcome = process::run(command);
    REQUIRE(outcome.ok());
    return std::move(*outcome);
  }
  std::filesystem::path root_;
};

}  // namespace

TEST_CASE_METHOD(World, "the version is one line, however asked for") {
  for (const char* word : {"--version", "version", "-V"}) {
    const auto outcome = daydream({word});
    CHECK(outcome.exit_code == 0);
    CHECK(outcome.output == "daydream 0.1.0 (plugin ABI 1.0)\n");
    CHECK(outcome.error.empty());
  }
}

TEST_CASE_METHOD(World, "no words at all show what there is, and are wrong words") {
  const auto outcome = daydream({});
  CHECK(outcome.exit_code == 64);
  CHECK_THAT(outcome.output, Contains("usage: daydream <command> [flags]"));
}

TEST_CASE_METHOD(World, "help is data, for each command") {
  CHECK(daydream({"--help"}).output == daydream({"help"}).output);
  for (const char* name : {"run", "status", "report", "validate", "config", "plugins", "trust", "untrust", "serve",
                           "doctor", "version", "help"}) {
    const auto outcome = daydream({name, "--help"});
    CHECK(outcome.exit_code == 0);
    CHECK_THAT(outcome.output, StartsWith("daydream " + std::string(name) + ": "));
    CHECK(outcome.error.empty());
    CHECK(daydream({"help", name}).output == outcome.output);
  }
}

TEST_CASE_METHOD(World, "wrong words are one line and exit 64") {
  const std::vector<std::pair<Words, std::string>> table{
      {{"rum"}, "daydream: unknown command \"rum\"; did you mean \"run\"?\n"},
      {{"frobnicate"}, "daydream: unknown command \"frobnicate\"; daydream --help lists them\n"},
      {{"--repo", "x", "run"}, "daydream: unknown flag --repo; flags stand behind the command: daydream run --repo\n"},
      {{"run", "--onyl", "x"}, "daydream: unknown flag --onyl; did you mean --only? (see daydream run --help)\n"},
      {{"run", "--only", "a", "--from", "b"},
       "daydream: --only and --from do not go together: --only names every step to run\n"},
      {{"run", "--mode", "brunch"},
       "daydream: --mode: expected observe, patch, branch or in-place, got \"brunch\"; did you mean branch?\n"},
      {{"run", "--only", "legacy_clenup"},
       "daydream: --only: no step \"legacy_clenup\" in the manifest; did you mean \"legacy_cleanup\"?\n"},
      {{"plugins", "lst"},
       "daydream: plugins: expected list, info, new, check, test or run, got \"lst\"; did you mean \"list\"?\n"},
      {{"report", "--date", "yesterday"},
       "daydream: --date: expected YYYY-MM-DD, or the name of a run as 2026-11-22_2; got \"yesterday\"\n"},
      {{"run", "--state-dir", ""}, "daydream: --state-dir: expected a path, got nothing\n"},
  };
  git({"init", "-q"});
  for (const auto& [words, expected] : table) {
    const auto outcome = daydream(words);
    CHECK(outcome.error == expected);
    CHECK(outcome.exit_code == 64);
    CHECK(outcome.output.empty());
  }
}

TEST_CASE_METHOD(World, "a word that would drive the terminal is shown, not obeyed") {
  const auto outcome = daydream({"\x1b[2Jrun"});
  CHECK(outcome.exit_code == 64);
  CHECK(outcome.error.find('\x1b') == std::string::npos);
}

TEST_CASE_METHOD(World, "what is no repository is refused with 65") {
  write("file", "");
  git({"init", "-q", "--bare", "../bare"});
  const std::vector<std::pair<std::string, std::string>> table{
      {(root() / "none").native(), "repository " + (root() / "none").native() + ": No such file or directory"},
      {(root() / "file").native(), "repository " + (root() / "file").native() + ": not a directory"},
      {(root() / "bare").native(), "bare"},
  };
  for (const auto& [path, expected] : table) {
    const auto outcome = daydream({"run", "--repo", path});
    CHECK(outcome.exit_code == 65);
    CHECK_THAT(outcome.error, Contains(expected));
  }
}

TEST_CASE_METHOD(World, "a home directory is not copied by a run typed in the wrong place") {
  const auto outcome = daydream({"run"}, "home");
  CHECK(outcome.exit_code == 64);
  CHECK_THAT(outcome.error, Contains("is not in a git work tree; if all of it is meant, say so by --repo"));
}

TEST_CASE_METHOD(World, "the repository is found from a folder inside it") {
  git({"init", "-q"});
  std::filesystem::create_directories(repository() / "a/b");
  const auto outcome = daydream({"status"}, "repo/a/b");
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.output == "no run yet in " + (repository() / "logs/daydream").native() + "\n");
}

TEST_CASE_METHOD(World, "a broken manifest is told with its place and exit 65") {
  git({"init", "-q"});
  write("repo/.daydream/pipeline.json", "{\n  \"manifest\": 1,\n  \"stpes\": []\n}\n");
  for (const char* command : {"run", "validate", "config", "trust"}) {
    const auto outcome = daydream({command});
    CHECK(outcome.exit_code == 65);
    CHECK(outcome.error ==
          "daydream: .daydream/pipeline.json:3:3: (top level): unknown key \"stpes\"; did you mean \"steps\"?\n  3 |   "
          "\"stpes\": []\n    |   ^~~~~~~\n");
    CHECK(outcome.output.empty());
  }
  CHECK_FALSE(std::filesystem::exists(repository() / "logs"));
}

TEST_CASE_METHOD(World, "an untrusted manifest is refused until it is trusted, and again once it changed") {
  git({"init", "-q"});
  write("repo/.daydream/pipeline.json",
        R"({"manifest": 1, "verify": {"command": ["true"]}, "steps": [{"id": "x", "plugin": "no_such_plugin"}]})");
  const auto refused = daydream({"validate"});
  CHECK(refused.exit_code == 65);
  CHECK_THAT(refused.error, Contains(".daydream/pipeline.json:1:27: verify"));
  CHECK_THAT(refused.error, EndsWith("daydream trust --repo " + repository().native() + "\n"));

  const auto trusted = daydream({"trust"});
  CHECK(trusted.exit_code == 0);
  CHECK_THAT(trusted.output, StartsWith(".daydream/pipeline.json: trusted as it is now ("));
  CHECK_THAT(daydream({"validate"}).error, Contains("no_such_plugin"));

  write("repo/.daydream/pipeline.json",
        R"({"manifest": 1, "verify": {"command": ["false"]}, "steps": [{"id": "x", "plugin": "no_such_plugin"}]})");
  CHECK_THAT(daydream({"validate"}).error, Contains("has changed since it was trusted"));
  CHECK_THAT(daydream({"untrust"}).output, EndsWith(": no longer trusted\n"));
  CHECK_THAT(daydream({"untrust"}).output, EndsWith(": was not trusted\n"));
}

TEST_CASE_METHOD(World, "config tells each value's origin, also of a manifest nobody trusts yet") {
  git({"init", "-q"});
  write("repo/.daydream/pipeline.json",
        "{\"manifest\": 1,\n \"mode\": \"in-place\",\n \"steps\": [{\"id\": \"x\", \"plugin\": \"y\"}]}");
  const auto outcome = daydream({"config", "--explain"});
  CHECK(outcome.exit_code == 0);
  CHECK_THAT(outcome.output, Contains(".daydream/pipeline.json:2\n"));
  CHECK_THAT(outcome.output, Contains("  default\n"));
  const auto whole = json::Text::parse(daydream({"config"}).output);
  REQUIRE(whole.ok());
  CHECK(json::get_string(whole->root(), "mode") == "in-place");
}

TEST_CASE_METHOD(World, "status tells a killed run from one under way and from none") {
  git({"init", "-q"});
  write("repo/logs/daydream/state.json",
        R"({"schema_version": 1, "run_id": "2026-11-22", "status": "running", "current_step": 2,
            "step_progress": {"done": 120, "total": 4000, "what": "app\u001b[2J.log"},
            "steps": [{"number": 1, "id": "a", "status": "completed", "attempts": 1},
                      {"number": 2, "id": "b", "status": "running", "attempts": 2}]})");
  const auto outcome = daydream({"status"});
  CHECK(outcome.exit_code == 0);
  CHECK_THAT(outcome.output,
             StartsWith("run 2026-11-22: not running: the last start was killed; the next one goes on here\n  1  a"));
  CHECK_THAT(outcome.output, Contains("2 attempts  120/4000 app"));
  CHECK(outcome.output.find('\x1b') == std::string::npos);
  const auto state = json::Text::parse(daydream({"status", "--json"}).output);
  REQUIRE(state.ok());
  CHECK(json::get_string(state->root(), "run_id") == "2026-11-22");
  const json::Value* lock = json::find(state->root(), "lock");
  REQUIRE(lock != nullptr);
  CHECK_FALSE(json::get_bool(*lock, "held", true));
}

TEST_CASE_METHOD(World, "report shows the newest, or that of a date, and names what there is") {
  const std::string state = (root() / "state").native();
  CHECK(daydream({"report", "--state-dir", state}).exit_code == 65);
  for (const char* id : {"2026-11-21", "2026-11-22", "2026-11-22_2", "2026-11-22_10"}) {
    write("state/report_" + std::string(id) + ".md", "# " + std::string(id) + "\n");
  }
  write("state/report_2026-11-22.json", "{}\n");
  write("state/report_of_mine.md", "");
  CHECK(daydream({"report", "--state-dir", state}).output == "# 2026-11-22_10\n");
  CHECK(daydream({"report", "--state-dir", state, "--date", "2026-11-21"}).output == "# 2026-11-21\n");
  CHECK(daydream({"report", "--state-dir", state, "--format", "json"}).output == "{}\n");
  CHECK_THAT(daydream({"report", "--state-dir", state, "--list"}).output, StartsWith("2026-11-22_10  " + state));
  const auto none = daydream({"report", "--state-dir", state, "--date", "2026-11-20"});
  CHECK(none.exit_code == 65);
  CHECK(none.error ==
        "daydream: no report of 2026-11-20; there are 2026-11-22_10, 2026-11-22_2, 2026-11-22, 2026-11-21\n");
}

TEST_CASE_METHOD(World, "a plugin file that cannot be loaded is told why") {
  write("no.so", "not a library");
  const auto outcome = daydream({"plugins", "check", (root() / "no.so").native()});
  CHECK(outcome.exit_code == 65);
  CHECK_THAT(outcome.error, Contains("no.so") && Contains("ELF"));
  CHECK(daydream({"plugins", "check", "/none.so"}).exit_code == 65);
}

TEST_CASE_METHOD(World, "doctor says what a run would meet and changes nothing") {
  git({"init", "-q"});
  write("repo/.daydream/pipeline.json", R"({"manifest": 1, "steps": [{"id": "x", "plugin": "no_such_plugin"}]})");
  const auto outcome = daydream({"doctor"});
  CHECK(outcome.exit_code == 65);
  CHECK_THAT(outcome.output, Contains("good    git version"));
  CHECK_THAT(outcome.output, Contains("bad     ") && Contains("no_such_plugin"));
  CHECK_THAT(outcome.output, Contains("-> commit something: a run starts from a commit"));
  CHECK_FALSE(std::filesystem::exists(repository() / "logs"));
}
