#include "changes/verify.hpp"

#include <algorithm>
#include <map>

#include "base/masking.hpp"
#include "changes/publish_parts.hpp"
#include "changes/verification.hpp"
#include "daydream/kit/hash.hpp"
#include "daydream/kit/process.hpp"
#include "daydream/kit/text.hpp"

extern char** environ;

namespace daydream::changes {

namespace {

constexpr std::size_t kTail = 4000;

bool names_secret(std::string_view name) {
  std::string upper(name);
  for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  for (const char* word : {"TOKEN", "SECRET", "KEY", "PASSWORD"}) {
    if (upper.find(word) != std::string::npos) return true;
  }
  return false;
}

// Ours without secrets, and without what would lead a git of the tests to another repository.
std::map<std::string, std::string> environment() {
  std::map<std::string, std::string> result;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    std::string_view pair = *entry;
    auto equals = pair.find('=', 1);
    if (equals == std::string_view::npos) continue;
    std::string_view name = pair.substr(0, equals);
    if (names_secret(name) || name.substr(0, 4) == "GIT_") continue;
    if (shows_hidden(pair.substr(equals + 1))) continue;
    result.emplace(name, pair.substr(equals + 1));
  }
  return result;
}

// The last bytes of what was printed, for a person, secrets masked.
std::string tail_of(const std::string& printed) {
  std::string_view tail = printed;
  if (tail.size() > kTail) tail.remove_prefix(tail.size() - kTail);
  std::string result;
  for (std::string_view line : text::split(tail, '\n')) {
    if (!result.empty()) result += '\n';
    result += text::escape_terminal(daydream::mask(line));
  }
  return std::string(text::trim(result));
}

}  // namespace

namespace verification {

Result<Verdict> run_command(const Path& directory, const std::vector<std::string>& arguments,
                            const VerifyOptions& options) {
  Verdict verdict;
  verdict.words = text::escape_terminal(daydream::mask(text::join(arguments, " ")));
  std::string printed;
  process::Command command;
  command.arguments = arguments;
  command.directory = directory.string();
  command.environment = environment();
  if (options.timeout.count() > 0) command.timeout = options.timeout;
  command.max_output = std::size_t{1} << 40;
  command.cancelled = options.cancelled;
  command.on_output = [&](std::string_view part) {
    printed.append(part);
    if (printed.size() > kTail * 4) printed.erase(0, printed.size() - kTail);
  };
  auto outcome = process::run(command);
  if (!outcome) {
    // The machine lacks something just now: that says nothing about the team's tests.
    if (outcome.error().kind() == ErrorKind::kRetry) return std::move(outcome.error()).context(verdict.words);
    verdict.good = false;
    verdict.words += ": " + outcome.error().message();
    return verdict;
  }
  if (outcome->cancelled) return Error(ErrorKind::kCancelled, "asked to stop during " + verdict.words);
  verdict.good = outcome->good();
  if (verdict.good) return verdict;
  verdict.words += ": " + outcome->describe();
  std::string said = tail_of(printed + outcome->error);
  if (!said.empty()) verdict.words += "\n" + said;
  return verdict;
}

}  // namespace verification

Result<Verdict> verify(const SourceTree& tree, const VerifyOptions& options) {
  if (options.command.empty()) return Verdict{true, "none"};
  tree.mark_disturbed();
  return verification::run_command(tree.path(), options.command, options);
}

namespace {

// Runs the command on a choice of changes; remembers what the tree holds.
class Trial {
 public:
  Trial(SourceTree& tree, const Draft& draft, const VerifyOptions& options, std::vector<Change> changes)
      : tree_(tree), draft_(draft), options_(options), changes_(std::move(changes)) {}

  [[nodiscard]] std::size_t size() const { return changes_.size(); }
  [[nodiscard]] const Change& at(std::size_t index) const { return changes_[index]; }
  void drop(std::size_t index) { changes_.erase(changes_.begin() + static_cast<std::ptrdiff_t>(index)); }

  // The first `count` changes, written to the tree.
  Result<void> write(std::size_t count) {
    auto next = contents(count);
    return next ? write(*next) : std::move(next.error());
  }
  Result<Verdict> run(std::size_t count) {
    auto next = contents(count);
    if (!next) return std::move(next.error());
    const std::string key = options_.recall ? key_of(*next) : "";
    if (options_.recall) {
      auto known = options_.recall(key);
      if (!known) return std::move(known.error());
      if (*known) return std::move(**known);
    }
    auto verdict = run_on(*next);
    if (verdict && !verdict->good && options_.red_twice) verdict = run_on(*next);
    if (!verdict || !options_.remember) return verdict;
    auto kept = options_.remember(key, *verdict);
    return kept ? std::move(verdict) : std::move(kept.error());
  }
  [[nodiscard]] int runs() const { return runs_; }

 private:
  [[nodiscard]] Result<Contents> contents(std::size_t count) const {
    std::set<FindingNumber> chosen;
    for (std::size_t i = 0; i < count; ++i) chosen.insert(changes_[i].findings.begin(), changes_[i].findings.end());
    return draft_.contents(chosen);
  }
  Result<void> write(const Contents& next) {
    // A test may have written over tracked files: all that the draft touches is written anew.
    auto written = write_contents(tree_, {}, next);
    return written ? Result<void>() : std::move(written.error());
  }
  Result<Verdict> run_on(const Contents& next) {
    if (auto written = write(next); !written) return std::move(written.error());
    ++runs_;
    return verify(tree_, options_);
  }
  // The commit the step began with, the command, and what the draft makes of the files it touches.
  [[nodiscard]] std::string key_of(const Contents& next) const {
    std::string all = tree_.commit();
    const auto add = [&all](std::string_view part) { all.append(hash::sha256_hex(part)); };
    for (const auto& argument : options_.command) add(argument);
    for (const auto& [path, content] : next) {
      add(path);
      add(content ? "file " + *content : "none");
    }
    return hash::sha256_hex(all);
  }

  SourceTree& tree_;
  const Draft& draft_;
  const VerifyOptions& options_;
  std::vector<Change> changes_;
  int runs_ = 0;
};

Result<void> drop_one(Trial& trial, std::size_t& green, Bisected& result) {
  std::size_t red = trial.size();
  // The first `green` changes pass, the first `red` fail: the change in between is at fault.
  while (red - green > 1) {
    std::size_t middle = green + (red - green) / 2;
    auto verdict = trial.run(middle);
    if (!verdict) return std::move(verdict.error());
    (verdict->good ? green : red) = middle;
  }
  const Change& bad = trial.at(red - 1);
  result.dropped.insert(bad.findings.begin(), bad.findings.end());
  trial.drop(red - 1);
  return {};
}

Result<void> bisect(Trial& trial, Bisected& result) {
  auto verdict = trial.run(trial.size());
  if (!verdict) return std::move(verdict.error());
  if (verdict->good) return {};
  result.words = verdict->words;
  auto without = trial.run(0);
  if (!without) return std::move(without.error());
  std::size_t green = 0;
  while (!verdict->good && trial.size() > 0) {
    if (!without->good) {  // red by itself: nothing can be shown to be good
      const Change& first = trial.at(0);
      result.dropped.insert(first.findings.begin(), first.findings.end());
      trial.drop(0);
      continue;
    }
    if (auto dropped = drop_one(trial, green, result); !dropped) return dropped;
    if (trial.size() == green) break;  // seen to pass
    verdict = trial.run(trial.size());
    if (!verdict) return std::move(verdict.error());
  }
  return {};
}

}  // namespace

Result<Bisected> verify_changes(SourceTree& tree, const Draft& draft, const std::set<FindingNumber>& wanted,
                                const VerifyOptions& options) {
  std::vector<Change> changes;
  std::set<FindingNumber> whole = whole_changes(draft, wanted);
  for (Change& change : draft.changes()) {
    if (whole.count(*change.findings.begin()) != 0) changes.push_back(std::move(change));
  }
  Bisected result;
  Trial trial(tree, draft, options, std::move(changes));
  if (!options.command.empty() && trial.size() > 0) {
    if (auto done = bisect(trial, result); !done) return std::move(done.error());
  }
  if (auto left = trial.write(trial.size()); !left) return std::move(left.error());
  result.runs = trial.runs();
  return result;
}

}  // namespace daydream::changes
