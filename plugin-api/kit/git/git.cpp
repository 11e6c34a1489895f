// How git is called, and where it is: the guards of every call, Repository::open and run.
#include "daydream/kit/git.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "daydream/kit/text.hpp"
#include "parts.hpp"

namespace daydream::git {

namespace {

constexpr std::size_t kMaxOutput = std::size_t{1} << 30;

// Commands that would run a program named in the repository's configuration or attributes to show a diff.
constexpr std::array<std::string_view, 8> kDiffCommands{"diff",         "diff-files", "diff-index", "diff-tree",
                                                        "format-patch", "log",        "show",       "whatchanged"};

// Variables of git that say who somebody is or where git's own files lie. The rest could point a call at
// another repository, other settings or a program.
constexpr std::array<std::string_view, 10> kKept{"GIT_AUTHOR_NAME",         "GIT_AUTHOR_EMAIL",
                                                 "GIT_COMMITTER_NAME",      "GIT_COMMITTER_EMAIL",
                                                 "GIT_CONFIG_GLOBAL",       "GIT_CONFIG_SYSTEM",
                                                 "GIT_CONFIG_NOSYSTEM",     "GIT_EXEC_PATH",
                                                 "GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM"};

bool handed_on(std::string_view name) {
  if (name == "SSH_ASKPASS" || name == "LANGUAGE") return false;
  return !name.starts_with("GIT_") || std::ranges::find(kKept, name) != kKept.end();
}

void drop_line_end(std::string& text) {
  if (text.ends_with('\n')) text.pop_back();
}

// One answer of rev-parse, which ends its lines with a line break though a path may hold one.
Result<std::string> ask(const std::string& directory, const std::vector<std::string>& question) {
  std::vector<std::string> arguments{"rev-parse"};
  arguments.insert(arguments.end(), question.begin(), question.end());
  auto outcome = execute(directory, arguments, {});
  if (!outcome) return std::move(outcome.error());
  if (!outcome->good()) return git_error("rev-parse", *outcome);
  drop_line_end(outcome->output);
  return std::move(outcome->output);
}

Error why_not_open(const std::string& directory, const process::Outcome& outcome) {
  const std::string shown = text::show_path(directory);
  if (outcome.output.starts_with("true\n")) {
    return {ErrorKind::kUnsupported, shown + " is a bare repository: it has no work tree"};
  }
  if (outcome.output.starts_with("false\nfalse\n")) {
    return {ErrorKind::kNotFound, shown + " is inside a git directory, not in a work tree"};
  }
  if (outcome.error.find("not a git repository") != std::string::npos ||
      outcome.error.find("cannot change to") != std::string::npos) {
    return {ErrorKind::kNotFound, shown + " is in no git work tree"};
  }
  return git_error("rev-parse", outcome).context(shown);
}

}  // namespace

std::vector<std::string> base_arguments() {
  std::vector<std::string> arguments{"git", "--no-pager"};
  for (const char* setting :
       {// programs that a repository's configuration could name
        "core.hooksPath=/dev/null", "core.fsmonitor=false", "core.pager=cat", "core.askPass=", "core.sshCommand=false",
        "filter.lfs.process=", "filter.lfs.smudge=", "filter.lfs.clean=", "filter.lfs.required=false",
        "log.showSignature=false", "commit.gpgSign=false", "tag.gpgSign=false",
        // work that nobody asked for
        "gc.auto=0", "maintenance.auto=false", "submodule.recurse=false",
        // answers that would differ between users
        "color.ui=false", "core.quotePath=false", "blame.ignoreRevsFile=", "log.follow=false",
        "i18n.logOutputEncoding=UTF-8", "core.fsync=objects,reference"}) {
    arguments.emplace_back("-c");
    arguments.emplace_back(setting);
  }
  return arguments;
}

std::map<std::string, std::string> base_environment() {
  std::map<std::string, std::string> result;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view variable = *entry;
    const std::size_t equals = variable.find('=', 1);
    if (equals == std::string_view::npos || !handed_on(variable.substr(0, equals))) continue;
    result.emplace(variable.substr(0, equals), variable.substr(equals + 1));
  }
  result["LC_ALL"] = "C";
  result["PAGER"] = "cat";
  result["GIT_PAGER"] = "cat";
  result["GIT_OPTIONAL_LOCKS"] = "0";
  result["GIT_TERMINAL_PROMPT"] = "0";
  result["GIT_LFS_SKIP_SMUDGE"] = "1";
  // A partial clone fetches what it lacks, on any read: no transport is allowed.
  result["GIT_ALLOW_PROTOCOL"] = "none";
  result["GIT_NO_LAZY_FETCH"] = "1";
  return result;
}

std::vector<std::string> guarded(const std::vector<std::string>& arguments) {
  std::vector<std::string> result = arguments;
  if (!result.empty() && std::ranges::find(kDiffCommands, result.front()) != kDiffCommands.end()) {
    result.insert(result.begin() + 1, {"--no-ext-diff", "--no-textconv"});
  }
  return result;
}

Result<process::Outcome> execute(const std::string& directory, const std::vector<std::string>& arguments,
                                 const Execution& how) {
  process::Command command;
  command.arguments = base_arguments();
  if (how.literal_paths) command.arguments.emplace_back("--literal-pathspecs");
  command.arguments.insert(command.arguments.end(), {"-C", directory});
  for (std::string& argument : guarded(arguments)) command.arguments.push_back(std::move(argument));
  command.environment = base_environment();
  command.input = how.input;
  command.timeout = how.timeout;
  command.max_output = how.max_output;
  command.on_output = how.on_output;
  auto outcome = process::run(command);
  if (!outcome && outcome.error().kind() == ErrorKind::kNotFound) {
    return Error(ErrorKind::kUnsupported, "git is not installed: " + outcome.error().message());
  }
  return outcome;
}

Error git_error(std::string_view command, const process::Outcome& outcome) {
  std::string words(text::trim(outcome.error));
  // git says hints first and the reason last.
  if (const std::size_t at = words.rfind("fatal: "); at != std::string::npos) words.erase(0, at + 7);
  std::string message = "git " + std::string(command) + ": " + outcome.describe();
  if (!words.empty()) message += ": " + text::escape_terminal(text::mask(text::shorten(text::to_utf8(words), 500)));
  const bool later = outcome.timed_out || outcome.signal != 0;
  const bool missing =
      words.find("unknown revision") != std::string::npos || words.find("bad revision") != std::string::npos ||
      words.find("does not have any commits yet") != std::string::npos ||
      words.find("Not a valid object name") != std::string::npos ||
      words.find("does not exist in") != std::string::npos || words.find("no such path") != std::string::npos;
  ErrorKind kind = ErrorKind::kPermanent;
  if (later) kind = ErrorKind::kRetry;
  if (missing) kind = ErrorKind::kNotFound;
  if (outcome.truncated) kind = ErrorKind::kUnsupported;
  if (outcome.cancelled) kind = ErrorKind::kCancelled;
  return {kind, std::move(message)};
}

Result<Repository> Repository::open(const std::string& directory) {
  if (directory.empty()) return Error(ErrorKind::kInvalid, "a repository without a directory");
  auto outcome = execute(directory,
                         {"rev-parse", "--is-bare-repository", "--is-inside-work-tree", "--show-object-format",
                          "--path-format=absolute", "--show-toplevel", "--absolute-git-dir", "--git-common-dir"},
                         {});
  if (!outcome) return std::move(outcome.error());
  if (!outcome->good()) return why_not_open(directory, *outcome);
  drop_line_end(outcome->output);
  const auto lines = text::split(outcome->output, '\n');
  Repository repository;
  if (lines.size() >= 3 && lines[2] != "sha1") {
    if (lines[2] != "sha256") {
      return Error(ErrorKind::kUnsupported, text::show_path(directory) + ": unknown object format of git");
    }
    repository.format_ = hash::GitFormat::kSha256;
  }
  if (lines.size() == 6) {
    repository.root_ = lines[3];
    repository.git_dir_ = lines[4];
    repository.common_dir_ = lines[5];
    return repository;
  }
  // A line break in a path: one question, one answer.
  for (auto& [member, question] :
       std::vector<std::pair<std::string*, std::string>>{{&repository.root_, "--show-toplevel"},
                                                         {&repository.git_dir_, "--absolute-git-dir"},
                                                         {&repository.common_dir_, "--git-common-dir"}}) {
    auto answer = ask(directory, {"--path-format=absolute", question});
    if (!answer) return std::move(answer.error());
    *member = *std::move(answer);
  }
  return repository;
}

Result<process::Outcome> Repository::run(const std::vector<std::string>& arguments, std::string input,
                                         std::chrono::milliseconds timeout) const {
  Execution how;
  how.input = std::move(input);
  how.timeout = timeout;
  how.max_output = kMaxOutput;
  return execute(root_, arguments, how);
}

Result<std::string> Repository::output(const std::vector<std::string>& arguments, std::string input,
                                       std::chrono::milliseconds timeout) const {
  const std::string command = arguments.empty() ? "" : arguments.front();
  auto outcome = run(arguments, std::move(input), timeout);
  if (!outcome) return std::move(outcome.error());
  if (!outcome->good()) return git_error(command, *outcome);
  return std::move(outcome->output);
}

}  // namespace daydream::git
