// Flags: what code is taken to name them, and what is said where not all of it could be read.
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
                                {code ? "all.js" : "all.csv", std::string((std::size_t{4} << 20) + 1, '\n')}});
    CHECK(given.say(&check_flags).size() == (code ? 0 : 2));
  }
}

}  // namespace daydream::docs
