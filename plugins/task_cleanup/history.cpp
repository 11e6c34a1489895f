#include "plugins/task_cleanup/history.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "daydream/kit/text.hpp"
#include "plugins/task_cleanup/fields.hpp"

namespace daydream::tasks {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t kIdShown = 12;
constexpr std::size_t kMostLines = std::size_t{1} << 20;  // bytes of lines that are read for a word

// Prose names things that are gone; only the rest of the tree counts.
const std::vector<std::string>& code_only() {
  static const std::vector<std::string> specs{
      ".",
      ":(exclude,icase,glob)**/*.md",
      ":(exclude,icase,glob)**/*.markdown",
      ":(exclude,icase,glob)**/*.rst",
      ":(exclude,icase,glob)**/*.txt",
      ":(exclude,icase,glob)**/*.adoc",
      ":(exclude,icase,glob)**/*.org",
      ":(exclude,icase,glob)**/change*",
      ":(exclude,icase,glob)**/news*",
      ":(exclude,icase,glob)**/history*",
      ":(exclude,icase,glob)**/todo*",
  };
  return specs;
}
const std::vector<std::string>& tests_only() {
  static const std::vector<std::string> specs{
      ":(icase,glob)**/test/**",      ":(icase,glob)**/tests/**", ":(icase,glob)**/spec/**",
      ":(icase,glob)**/__tests__/**", ":(icase,glob)**/test_*",   ":(icase,glob)**/*_test.*",
      ":(icase,glob)**/*.test.*",     ":(icase,glob)**/*.spec.*", ":(icase,glob)**/*Test.*",
      ":(exclude,icase,glob)**/*.md",
  };
  return specs;
}

std::optional<std::int64_t> number_of(std::string_view digits) {
  std::int64_t number = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (read.ec != std::errc() || digits.empty()) return std::nullopt;
  return number;
}

// Any whole line that does not hold the words.
bool stands_elsewhere(std::string_view lines, std::string_view own) {
  for (const std::string_view line : text::split(lines, '\n')) {
    if (!text::trim(line).empty() && text::collapse_space(text::to_utf8(line)).find(own) == std::string::npos)
      return true;
  }
  return false;
}

// What grep's lines say of a word that stands in `own` itself; "" = that anything was found is enough.
Presence found_by(const Result<process::Outcome>& asked, const std::string& own) {
  if (!asked) return Presence::kUnknown;
  if (asked->exit_code == 1) return Presence::kAbsent;
  if (asked->exit_code != 0 && !asked->truncated) return Presence::kUnknown;
  if (own.empty()) return Presence::kPresent;
  std::string_view lines = asked->output;
  // Cut off in the middle of a line, of which nothing can be said.
  if (asked->truncated) lines = lines.substr(0, lines.rfind('\n') + 1);
  if (stands_elsewhere(lines, own)) return Presence::kPresent;
  return asked->truncated ? Presence::kUnknown : Presence::kAbsent;
}

// A git that was killed, as by the killer of a full memory, is asked once more: what is known, and so what is archived,
// does not hang on that.
bool killed(const process::Outcome& outcome) {
  return outcome.signal != 0 && !outcome.timed_out && !outcome.truncated;
}
template <class Value>
bool killed(const Value& /*answer*/) {
  return false;
}
template <class Question>
auto twice(const Question& question) {
  auto answer = question();
  if (answer ? killed(*answer) : answer.error().kind() == ErrorKind::kRetry) answer = question();
  return answer;
}

}  // namespace

std::string words_of(const Commit& commit) {
  return commit.id.substr(0, kIdShown) + " (" + date_of(commit.time / 86400) + ")";
}

History::History(std::vector<std::string> roots, milliseconds budget) : roots_(std::move(roots)), budget_(budget) {}

void History::open() {
  if (std::exchange(opened_, true)) return;
  for (const std::string& root : roots_) {
    if (root.empty()) continue;
    auto opened = twice([&] { return git::Repository::open(root); });
    if (!opened) continue;
    auto head = twice([&] { return opened->resolve("HEAD"); });
    if (!head) continue;
    std::error_code failed;
    const auto place = std::filesystem::relative(root, opened->root(), failed).generic_string();
    if (failed || place.starts_with("..")) continue;
    below_ = place == "." || place.empty() ? "" : place + "/";
    head_ = *head;
    auto shallow = twice([&] { return opened->output({"rev-parse", "--is-shallow-repository"}); });
    shallow_ = !shallow || text::trim(*shallow) != "false";
    repository_ = std::move(*opened);
    return;
  }
}

const std::string& History::head() {
  open();
  return head_;
}

const std::string& History::project() {
  if (!project_) {
    const auto address = ask({"config", "--get", "remote.origin.url"});
    project_ = address ? project_in(text::trim(*address)) : std::string();
  }
  return *project_;
}

// One question to git within what is left of the budget; none when it failed or was too slow.
std::optional<std::string> History::ask(const std::vector<std::string>& arguments) {
  if (!known() || spent_ >= budget_) return std::nullopt;
  const auto begun = Clock::now();
  auto answered = twice([&] { return repository_->run(arguments, "", std::max(budget_ - spent_, milliseconds(1))); });
  spent_ += std::chrono::duration_cast<milliseconds>(Clock::now() - begun);
  if (!answered || answered->exit_code != 0) return std::nullopt;
  return std::move(answered->output);
}

// As ask(), whatever it comes to, with the first kMostLines bytes of its answer: no option of git's own cuts it
// for every git in use (--max-count of grep came with 2.38).
Result<process::Outcome> History::grep(const std::vector<std::string>& arguments) {
  process::Command command;
  command.arguments = git::base_arguments();
  command.arguments.insert(command.arguments.end(), {"-C", repository_->root()});
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  command.environment = git::base_environment();
  command.timeout = std::max(budget_ - spent_, milliseconds(1));
  command.max_output = kMostLines;
  const auto begun = Clock::now();
  auto asked = twice([&] { return process::run(command); });
  spent_ += std::chrono::duration_cast<milliseconds>(Clock::now() - begun);
  return asked;
}

std::optional<Commit> History::first_commit(const std::string& line) {
  // "<id> <time> <subject>"
  const auto parts = text::split(std::string_view(line).substr(0, line.find('\n')), ' ');
  if (parts.size() < 2) return std::nullopt;
  const auto time = number_of(parts[1]);
  if (!time) return std::nullopt;
  const std::size_t subject = parts[0].size() + parts[1].size() + 2;
  const std::string_view whole = std::string_view(line).substr(0, line.find('\n'));
  return Commit{std::string(parts[0]), *time, std::string(whole.substr(std::min(subject, whole.size())))};
}

const std::vector<std::string>& History::our_commits() {
  if (ours_) return *ours_;
  ours_.emplace();
  constexpr const char* kMost = "--max-count=300";
  const auto listed = ask({"log", kMost, "--format=%H", "--grep=^Daydream-Run: ", "HEAD"});
  if (!listed) return *ours_;
  for (const std::string_view id : text::split(*listed, '\n')) {
    if (!id.empty()) ours_->emplace_back(id);
  }
  return *ours_;
}

std::vector<std::pair<std::string, std::string>> History::take_fresh() {
  std::vector<std::pair<std::string, std::string>> fresh(fresh_.begin(), fresh_.end());
  fresh_.clear();
  return fresh;
}

std::vector<std::string> History::orphans(const std::function<bool(const std::string&)>& there) const {
  std::vector<std::string> gone;
  for (const auto& [key, value] : remembered_) {
    if (!there(key.substr(kPrefix.size()))) gone.push_back(key);
  }
  return gone;
}

const std::vector<Commit>& History::written(const std::string& path, std::string_view content) {
  const auto asked = written_.find(path);
  if (asked != written_.end()) return asked->second;
  std::vector<Commit>& lines = written_[path];
  const std::string key = std::string(kPrefix) + path;
  const std::string content_id = hash::git_blob_id(content);
  // "<blob> <id> <time> <id> <time> ...": one pair a line
  if (const auto old = remembered_.find(key); old != remembered_.end()) {
    const auto parts = text::split(old->second, ' ');
    if (!parts.empty() && parts[0] == content_id) {
      for (std::size_t at = 1; at + 1 < parts.size(); at += 2) {
        lines.push_back({std::string(parts[at]), number_of(parts[at + 1]).value_or(0), ""});
      }
      return lines;
    }
  }
  // A file that differs from what is committed has lines that nobody wrote yet.
  const auto committed = ask({"rev-parse", "HEAD:" + inside(path)});
  if (!committed || text::trim(*committed) != hash::git_blob_id(content, repository_->format())) return lines;
  lines = blame(path, static_cast<std::size_t>(std::count(content.begin(), content.end(), '\n')) + 1);
  if (lines.empty()) return lines;
  std::string value = content_id;
  for (const Commit& commit : lines) value += " " + commit.id + " " + std::to_string(commit.time);
  fresh_[key] = value;
  return lines;
}

std::vector<Commit> History::blame(const std::string& path, std::size_t lines) {
  std::vector<std::string> arguments{"blame", "-w", "-M", "--porcelain"};
  for (const std::string& ours : our_commits()) {
    arguments.emplace_back("--ignore-rev");
    arguments.push_back(ours);
  }
  if (!ignores_) ignores_ = ask({"cat-file", "-e", "HEAD:.git-blame-ignore-revs"}).has_value();
  if (*ignores_) {
    arguments.emplace_back("--ignore-revs-file");
    arguments.push_back(repository_->root() + "/.git-blame-ignore-revs");
  }
  arguments.insert(arguments.end(), {"HEAD", "--", inside(path)});
  const auto blamed = ask(arguments);
  if (!blamed) return {};
  std::vector<Commit> result(lines);
  std::unordered_map<std::string, std::int64_t> times;
  std::string id;
  std::size_t line = 0;
  for (const std::string_view row : text::split(*blamed, '\n')) {
    if (row.starts_with('\t')) {
      if (line >= 1 && line <= result.size()) result[line - 1] = {id, times[id], ""};
    } else if (row.starts_with("committer-time ")) {
      times[id] = number_of(row.substr(15)).value_or(0);
    } else if (row.size() > 41 && row.find_first_not_of("0123456789abcdef") == row.find(' ')) {
      const auto parts = text::split(row, ' ');
      if (parts.size() >= 3 && parts[0].size() >= 40) {
        id = parts[0];
        line = static_cast<std::size_t>(number_of(parts[2]).value_or(0));
      }
    }
  }
  return result;
}

Presence History::file_at(const std::string& commit, const std::string& path) {
  const std::string key = "f" + commit + ":" + path;
  if (const auto found = presences_.find(key); found != presences_.end()) return found->second;
  Presence answer = Presence::kUnknown;
  if (known() && spent_ < budget_ && !path.starts_with('-') && !path.empty()) {
    const auto listed = ask({"ls-tree", "--name-only", commit, "--", inside(path)});
    if (listed) answer = listed->empty() ? Presence::kAbsent : Presence::kPresent;
  }
  presences_[key] = answer;
  return answer;
}

Presence History::word_at(const std::string& commit, const std::string& word, bool tests, const std::string& own) {
  std::string key = tests ? "t" : "w";
  key.append(commit).append(":").append(word).append(1, '\0').append(own);
  if (const auto found = presences_.find(key); found != presences_.end()) return found->second;
  Presence answer = Presence::kUnknown;
  if (known() && spent_ < budget_) {
    std::vector<std::string> arguments{"grep", own.empty() ? "-q" : "-h", "-w", "-F", "-I", "-e", word, commit, "--"};
    const auto& specs = tests ? tests_only() : code_only();
    arguments.insert(arguments.end(), specs.begin(), specs.end());
    answer = found_by(grep(arguments), own);
  }
  presences_[key] = answer;
  return answer;
}

bool History::touches(const std::string& commit, const std::string& path) {
  const auto named = ask({"diff-tree", "--no-commit-id", "--name-only", "--root", "-r", "-m", "--first-parent", commit,
                          "--", inside(path)});
  return named && !named->empty();
}

std::optional<Commit> History::deleted_by(const std::string& path) {
  const auto line =
      ask({"log", "-1", "--no-renames", "--diff-filter=D", "--format=%H %ct %s", "HEAD", "--", inside(path)});
  if (!line || line->empty()) return std::nullopt;
  auto commit = first_commit(*line);
  if (!commit) return std::nullopt;
  // Renamed, or moved into something else that is nearly the same: not gone.
  const auto changes = ask({"show", "--format=", "-M50%", "--name-status", "-z", "-m", "--first-parent", commit->id});
  if (!changes) return std::nullopt;
  const auto parts = text::split(*changes, '\0');
  for (std::size_t at = 0; at + 2 < parts.size(); ++at) {
    const bool renamed = parts[at].size() > 1 && (parts[at][0] == 'R' || parts[at][0] == 'C');
    if (renamed && parts[at + 1] == inside(path)) return std::nullopt;
  }
  return commit;
}

std::optional<Commit> History::deleted_text(const std::string& path, const std::string& words) {
  const auto& ours = our_commits();
  const auto line = ask({"log", "-1", "-S" + words, "--format=%H %ct %s", "HEAD", "--", inside(path)});
  if (!line || line->empty()) return std::nullopt;
  auto commit = first_commit(*line);
  // A night's commit that nobody merged yet stands on the branch that is carried on: it was said when it was made.
  if (commit && std::find(ours.begin(), ours.end(), commit->id) != ours.end()) return std::nullopt;
  return commit;
}

std::optional<Commit> History::added_by(const std::string& path) {
  const auto line = ask({"log", "-1", "--diff-filter=A", "--format=%H %ct %s", "HEAD", "--", inside(path)});
  if (!line || line->empty()) return std::nullopt;
  return first_commit(*line);
}

std::optional<Commit> History::changed_by(const std::string& word, bool oldest) {
  std::vector<std::string> arguments{"log", "-S" + word, "--format=%H %ct %s", "HEAD", "--"};
  const auto& specs = code_only();
  arguments.insert(arguments.end(), specs.begin(), specs.end());
  if (!oldest) arguments.insert(arguments.begin() + 1, "-1");
  const auto listed = ask(arguments);
  if (!listed || listed->empty()) return std::nullopt;
  if (!oldest) return first_commit(*listed);
  const std::string all(text::trim(*listed));
  const std::size_t last = all.rfind('\n');
  return first_commit(last == std::string::npos ? all : all.substr(last + 1));
}

const std::unordered_map<std::string, std::int64_t>& History::heat(std::int64_t now_seconds) {
  if (heat_) return *heat_;
  heat_.emplace();
  constexpr std::int64_t kWindow = std::int64_t{90} * 86400;
  const auto listed = ask({"log", "--max-count=2000", "--no-merges", "--name-only", "-z", "--format=%x01%ct",
                           "--since=" + std::to_string(now_seconds - kWindow), "HEAD"});
  if (!listed) return *heat_;
  std::int64_t weight = 0;
  for (std::string_view part : text::split(*listed, '\0')) {
    if (const std::size_t sign = part.find('\x01'); sign != std::string_view::npos) {
      const std::string_view digits = text::trim(part.substr(sign + 1));
      const std::int64_t age = now_seconds - number_of(digits.substr(0, digits.find('\n'))).value_or(0);
      weight = age < 0 || age > kWindow ? 0 : 1000 * (kWindow - age) / kWindow;
      const std::size_t name = part.find('\n', sign);
      part = name == std::string_view::npos ? std::string_view() : part.substr(name + 1);
    }
    while (part.starts_with('\n')) part.remove_prefix(1);
    if (!part.empty() && part.starts_with(below_)) (*heat_)[std::string(part.substr(below_.size()))] += weight;
  }
  return *heat_;
}

}  // namespace daydream::tasks
