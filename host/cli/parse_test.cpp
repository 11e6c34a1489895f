// Words of the command line, and what is said of wrong ones.
#include <catch2/catch.hpp>

#include "cli/command.hpp"
#include "cli/output.hpp"
#include "cli/run_options.hpp"
#include "cli/values.hpp"

using namespace daydream;
using cli::Arguments;
using Words = std::vector<std::string>;

namespace {

std::string why(const cli::Command& command, const Words& words) {
  const auto arguments = cli::parse(command, words);
  if (arguments) return "accepted";
  CHECK(arguments.error().kind() == ErrorKind::kUsage);
  return arguments.error().message();
}
Arguments given(const Words& words) {
  return cli::parse(cli::kRunCommand, words).value();
}

template <class T>
std::string message(const Result<T>& result) {
  return result ? "accepted" : result.error().message();
}

}  // namespace

TEST_CASE("flags take their value behind a blank or an equals sign") {
  const Arguments arguments = given({"--only", "a,b", "--budget=3h", "--fresh"});
  CHECK(arguments.text("only") == "a,b");
  CHECK(arguments.text("budget") == "3h");
  CHECK(arguments.has("fresh"));
  CHECK_FALSE(arguments.has("if-due"));
  CHECK(arguments.text("from") == std::nullopt);
}

TEST_CASE("wrong words name the flag and the nearest one") {
  const std::vector<std::pair<Words, std::string>> table{
      {{"--onyl", "a"}, "unknown flag --onyl; did you mean --only? (see daydream run --help)"},
      {{"--fres"}, "unknown flag --fres; did you mean --fresh? (see daydream run --help)"},
      {{"--quite-another"}, "unknown flag --quite-another (see daydream run --help)"},
      {{"-x"}, "unknown flag -x (see daydream run --help)"},
      {{"--budget"}, "--budget needs a value: --budget DURATION (see daydream run --help)"},
      {{"--fresh=1"}, "--fresh takes no value (see daydream run --help)"},
      {{"--mode", "patch", "--mode", "branch"}, "--mode was given twice (see daydream run --help)"},
      {{"now"}, "unexpected word \"now\" (see daydream run --help)"},
  };
  for (const auto& [words, expected] : table) CHECK(why(cli::kRunCommand, words) == expected);
  CHECK(why(cli::kPluginsCommand, {}) ==
        "expected: daydream plugins list | info NAME | new NAME | check FILE.so | test FILE.so CASES... | run FILE.so "
        "(see daydream plugins --help)");
}

TEST_CASE("values are told with what was expected") {
  CHECK(message(cli::mode_of(given({"--mode", "brunch"}), "mode")) ==
        "--mode: expected observe, patch, branch or in-place, got \"brunch\"; did you mean branch?");
  CHECK(message(cli::severity_of(given({"--fail-on", "bad"}), "fail-on")) ==
        "--fail-on: expected info, warning or error, got \"bad\"");
  CHECK(message(cli::duration_of(given({"--budget", "0s"}), "budget")) ==
        "--budget: expected more than nothing, as 90s, 20m or 3h");
  CHECK(message(cli::duration_of(given({"--budget", "soon"}), "budget")).starts_with("--budget: "));
  CHECK(message(cli::instant_of(given({"--now", "tomorrow"}), "now")).starts_with("--now: "));
  CHECK(message(cli::list_of(given({"--only", "a,,b"}), "only")) ==
        "--only: expected names with a comma between them, got \"a,,b\"");
  CHECK(cli::list_of(given({"--only", "a, b"}), "only").value() == Words{"a", "b"});
  CHECK(cli::duration_of(given({"--budget", "3h"}), "budget").value() == std::chrono::hours(3));
  CHECK(cli::choice_of(given({}), "format", {"text", "md"}).value() == "text");
  CHECK(message(cli::choice_of(given({"--format", "mdd"}), "format", {"text", "md"})) ==
        "--format: expected text or md, got \"mdd\"; did you mean md?");
}

TEST_CASE("flags that contradict each other are refused") {
  CHECK(message(cli::run_options(given({"--only", "a", "--from", "b"}), false)) ==
        "--only and --from do not go together: --only names every step to run");
  CHECK(message(cli::run_options(given({"--if-due", "--fresh"}), true)) ==
        "--if-due and --fresh do not go together: a night that is due is run as a whole");
}

TEST_CASE("every command has help that names each of its flags, in lines that fit") {
  for (const cli::Command* command : cli::commands()) {
    const std::string help = cli::help(*command);
    CHECK_THAT(help, Catch::StartsWith(std::string("daydream ") + command->name + ": " + command->summary));
    for (const cli::Flag& flag : command->flags) CHECK_THAT(help, Catch::Contains(std::string("--") + flag.name));
    CHECK(command->flags.back().name == std::string("help"));
    CHECK_THAT(cli::overview(), Catch::Contains(std::string("  ") + command->name + " "));
    std::size_t start = 0;
    while (start < help.size()) {
      const std::size_t end = std::min(help.find('\n', start), help.size());
      CHECK(end - start <= 100);
      start = end + 1;
    }
  }
}

TEST_CASE("kinds of errors are exit codes") {
  const std::vector<std::pair<ErrorKind, int>> table{{ErrorKind::kUsage, 64},       {ErrorKind::kInvalid, 65},
                                                     {ErrorKind::kNotFound, 65},    {ErrorKind::kPermanent, 65},
                                                     {ErrorKind::kUnsupported, 65}, {ErrorKind::kInternal, 70},
                                                     {ErrorKind::kRetry, 75},       {ErrorKind::kCancelled, 75},
                                                     {ErrorKind::kConflict, 75},    {ErrorKind::kDamaged, 78}};
  for (const auto& [kind, code] : table) CHECK(cli::exit_code_of(kind) == code);
}
