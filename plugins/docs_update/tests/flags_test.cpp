// Flags: what code is taken to name them, and what is said where not all of it could be read.
#include "daydream/testing/memory_host.hpp"
#include "plugins/docs_update/rules/flag_names.hpp"
#include "plugins/docs_update/tests/given.hpp"

namespace daydream::docs {
namespace {

bool names(std::string_view code, const std::string& letters) {
  std::unordered_set<std::string> wanted{letters};
  drop_named(code, wanted);
  return wanted.empty();
}

constexpr const char* kDefined = "parser.add_argument(\"--output\")\nparser.add_argument(\"--dry-run\")\n";
constexpr const char* kPage = "Run `demo --output x --dry-run`.\n";

}  // namespace

TEST_CASE("a flag of two words is named in any spelling") {
  for (const char* code : {"--dry-run", "dry_run", "dryRun", "DryRun", "DRY_RUN", "cmd.noDryRun", "--no-dry-run",
                           "_dry_run_", "x.withDryRun.DryRun"}) {
    INFO(code);
    CHECK(names(code, "dryrun"));
  }
  for (const char* code : {"dryrun = 1", "dry run", "dry-run-all", "Dry.Run"}) {
    INFO(code);
    CHECK_FALSE(names(code, "dryrun"));
  }
  CHECK(names("UseHTTPProxy bool", "usehttpproxy"));
  CHECK(names("cache = not no_cache", "cache"));
}

TEST_CASE("a flag of one word is named where it stands like one") {
  for (const char* code :
       {"--output", "x = ['output']", "output: PathBuf,", "def f(output: str = typer.Option(None))",
        "  output?: string;", "option :output", "val output by option()", "@Option var output = 1",
        "val output = opt[String]()", "  Output string `help:\"x\"`", "[Option] public string Output { get; }"}) {
    INFO(code);
    CHECK(names(code, "output"));
  }
  for (const char* code : {"output = run()", "print(output)", "io::output(x)", "output::x()", "// the output of it",
                           "option\noutput = 1\noption"}) {
    INFO(code);
    CHECK_FALSE(names(code, "output"));
  }
}

TEST_CASE("code in a folder named like a chronicle is code") {
  Given given;
  given.commit("2024-01-01", {{"README.md", kPage}, {"demo.py", kDefined}});
  given.commit("2024-02-01", {{"demo.py", "x = 1\n"}, {"src/history/cli.rb", "option :output\n"}});
  CHECK(given.say(&check_flags) == std::vector<std::string>{"README.md:1 outdated-reference --dry-run"});
}

TEST_CASE("where a file of code is too large to be read, no flag is said to be gone") {
  for (const bool code : {true, false}) {
    Given given;
    given.commit("2024-01-01", {{"README.md", kPage}, {"demo.py", kDefined}});
    given.commit("2024-02-01", {{"demo.py", "x = 1\n"},
                                {code ? "all.js" : "all.csv", std::string((std::size_t{16} << 20) + 1, '\n')}});
    CHECK(given.say(&check_flags).size() == (code ? 0 : 2));
  }
}

TEST_CASE("of lines of more commits than one night searches, the newest come first and the others the night after") {
  Given given;
  std::string code;
  for (int at = 10; at < 55; ++at)
    code.append("parser.add_argument(\"--flag-").append(std::to_string(at)).append("\")\n");
  given.commit("2024-01-01", {{"demo.py", code}});
  std::string page = "# Flags\n\n";
  for (int at = 10; at < 55; ++at) {
    page.append("- `--flag-").append(std::to_string(at)).append("`\n");
    given.commit("2024-02-01T10:00:" + std::to_string(at) + "Z", {{"README.md", page}});
  }
  given.commit("2024-03-01", {{"demo.py", "x = 1\n"}});
  const auto first = given.say(&check_flags);
  REQUIRE(first.size() == 40);
  CHECK(first.front() == "README.md:47 outdated-reference --flag-54");
  CHECK(first.back() == "README.md:8 outdated-reference --flag-15");
  CHECK(given.say(&check_flags).size() == 45);
  CHECK(given.ticks().size() == 1 + 5);  // what is known is not searched again
  CHECK(given.say(&check_flags).size() == 45);
  CHECK(given.ticks().size() == 1);
}

TEST_CASE("what a commit defined is kept in the step's memory as long as a line asks for it") {
  testing::Start start;
  const auto night = [&start] {
    testing::MemoryHost host(start);
    auto opened = testing::open_plugin(DOCS_UPDATE_SO);
    REQUIRE(opened);
    const auto answer = host.run(**opened);
    INFO(answer.message);
    REQUIRE(answer.good());
    start.memory.clear();
    for (const auto& [key, value] : host.ledger().memory()) start.memory[key] = value;
    start.memory_schema = 1;
    return host.finding_lines().size();
  };
  start.history = {{"first", "2024-01-01", {{"README.md", kPage}, {"demo.py", kDefined}}, {}},
                   {"second", "2024-02-01", {{"demo.py", "x = 1\n"}}, {}}};
  start.files = {{"README.md", kPage}, {"demo.py", "x = 1\n"}};
  CHECK(night() == 2);
  CHECK(start.memory.size() == 1);
  CHECK(night() == 2);
  CHECK(start.memory.size() == 1);
  start.files["README.md"] = "Run `demo`.\n";
  CHECK(night() == 0);
  CHECK(start.memory.size() == 1);  // nothing was asked of git

  start.files["README.md"] = "Run `demo --other-thing`.\n";
  CHECK(night() == 0);
  CHECK(start.memory.size() == 1);  // of the new line's commit; the other's went
}

}  // namespace daydream::docs
