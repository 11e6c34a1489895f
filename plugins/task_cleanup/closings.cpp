// Commits that say they close something, by GitHub's words, and those that were taken back.
#include <algorithm>

#include "daydream/kit/text.hpp"
#include "plugins/task_cleanup/fields.hpp"
#include "plugins/task_cleanup/history.hpp"

namespace daydream::tasks {
namespace {

constexpr std::size_t kNo = std::string_view::npos;

bool closes(std::string_view word) {
  static constexpr std::string_view kWords[] = {"close", "closes",  "closed",   "fix",     "fixes",
                                                "fixed", "resolve", "resolves", "resolved"};
  return std::find(std::begin(kWords), std::end(kWords), word) != std::end(kWords);
}

// "partially fixes #12", "does not fix #12", "an attempt to fix #12"
bool weakens(std::string_view word) {
  static constexpr std::string_view kWords[] = {"not",    "partially", "partly",  "to",     "might", "may",
                                                "should", "could",     "doesn't", "didn't", "won't", "cannot",
                                                "almost", "half",      "never",   "don't",  "would", "will",
                                                "can't",  "wip",       "must",    "help",   "helps", "if"};
  return std::find(std::begin(kWords), std::end(kWords), word) != std::end(kWords);
}

std::vector<std::string_view> words_in(std::string_view message) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at < message.size();) {
    const std::size_t begin = message.find_first_not_of(" \t\r\n", at);
    if (begin == kNo) break;
    at = std::min(message.find_first_of(" \t\r\n", begin), message.size());
    words.push_back(message.substr(begin, at - begin));
  }
  return words;
}

}  // namespace

std::vector<std::string> closed_references(std::string_view message, std::string_view project) {
  std::vector<std::string> found;
  const auto words = words_in(message);
  for (std::size_t at = 0; at + 1 < words.size(); ++at) {
    std::string word = text::to_lower_ascii(words[at]);
    const std::size_t first = word.find_first_not_of("([{*-\"'");
    word = first == std::string::npos ? "" : word.substr(first);
    if (word.ends_with(':')) word.pop_back();
    if (!closes(word)) continue;
    if (at > 0 && weakens(text::to_lower_ascii(words[at - 1]))) continue;
    const std::string reference = reference_in(words[at + 1]);
    const Issue issue = issue_in(words[at + 1]);
    if (reference.empty() || (!issue.project.empty() && issue.project != project)) continue;
    // "Fixes #12 partially", "fixes #12 for Windows only"
    const std::string after = at + 2 < words.size() ? text::to_lower_ascii(words[at + 2]) : "";
    const bool in_part = after == "partially" || after == "partly" || after == "(partially)" || after == "(partly)" ||
                         after == "(partial)" || after == "for";
    if (!in_part) found.push_back(reference);
  }
  return found;
}

void History::read_message(const Commit& commit, std::string_view message) {
  constexpr std::string_view kRevert = "This reverts commit ";
  if (reverted_.contains(commit.id)) return;  // what a reverted revert took back stands again
  for (std::size_t at = message.find(kRevert); at != kNo; at = message.find(kRevert, at + 1)) {
    const std::string_view rest = message.substr(at + kRevert.size());
    reverted_.emplace(rest.substr(0, std::min(rest.find_first_not_of("0123456789abcdef"), rest.size())));
  }
  if (message.find("\nDaydream-Run: ") != kNo) return;
  if (message.starts_with("Revert ")) return;  // it quotes the subject that it takes back
  const bool addressed = message.find("/issues/") != kNo || message.find("/work_items/") != kNo;
  for (std::string& reference : closed_references(message, addressed ? project() : ""))
    closings_->emplace(std::move(reference), commit);
}

// Newest first, so that a revert is seen before what it takes back.
void History::read_closings() {
  closings_.emplace();
  const auto listed =
      ask({"log", "--topo-order", "--max-count=50000", "-z", "--format=%H %ct %B", "-i", "-E",
           "--grep=(close|fix|resolve)[sd]?(ed|es)?:?[[:space:]]", "--grep=This reverts commit", "HEAD"});
  if (!listed) return;
  for (const std::string_view record : text::split(*listed, '\0')) {
    const auto commit = first_commit(std::string(record.substr(0, record.find('\n'))));
    if (!commit) continue;
    const std::size_t message = record.find(' ', record.find(' ') + 1);
    if (message != kNo) read_message(*commit, record.substr(message + 1));
  }
}

bool History::closes_any(const std::vector<std::string>& references) {
  if (references.empty() || !known()) return false;
  if (!closings_) read_closings();
  return std::any_of(references.begin(), references.end(),
                     [&](const std::string& reference) { return closings_->contains(reference); });
}

std::optional<Commit> History::closed_after(const std::string& reference, const Commit& written) {
  if (!known()) return std::nullopt;
  if (!closings_) read_closings();
  std::optional<Commit> newest;
  const auto range = closings_->equal_range(reference);
  for (auto each = range.first; each != range.second; ++each) {
    const Commit& commit = each->second;
    if (commit.time <= written.time || commit.id == written.id) continue;
    if (!newest || commit.time > newest->time) newest = commit;
  }
  return newest;
}

}  // namespace daydream::tasks
