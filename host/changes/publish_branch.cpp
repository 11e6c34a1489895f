#include <algorithm>
#include <map>

#include "changes/branches.hpp"
#include "changes/night.hpp"
#include "changes/publish_parts.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::changes {

namespace {

constexpr int kMostNames = 20;

constexpr std::size_t kMostListed = 50;
constexpr std::size_t kLongestLine = 200;

std::string one_line(std::string_view text) {
  return text::shorten(text::escape_terminal(text::collapse_space(text)), kLongestLine);
}

// "unused-import" -> what the commit did, true of any number: "remove 4 unused imports".
std::string subject_of(const std::string& rule, std::size_t count) {
  struct Words {
    std::string_view rule, verb, one, many;
  };
  static constexpr Words kKnown[] = {
      {"unused-import", "remove", "unused import", "unused imports"},
      {"unused-variable", "remove", "unused variable", "unused variables"},
      {"redefined-unused", "remove", "definition that was never used", "definitions that were never used"},
      {"commented-out-code", "remove", "block of commented-out code", "blocks of commented-out code"},
      {"unreachable-code", "remove", "unreachable block", "unreachable blocks"},
      {"deprecated-pattern", "replace", "deprecated pattern", "deprecated patterns"},
      {"expired-bridge", "remove", "expired bridge", "expired bridges"},
      {"broken-link", "mend", "broken link", "broken links"},
      {"missing-anchor", "mend", "link to a missing anchor", "links to missing anchors"},
  };
  std::string number = std::to_string(count) + " ";
  for (const Words& words : kKnown) {
    if (words.rule == rule)
      return std::string(words.verb) + " " + number + std::string(count == 1 ? words.one : words.many);
  }
  return "settle " + number + (count == 1 ? "finding" : "findings");
}

std::string finding_line(const Finding& finding) {
  std::string line = text::show_path(finding.path);
  if (finding.line > 0) line += ":" + std::to_string(finding.line);
  return one_line(line + " " + finding.message);
}

// Every change belongs to the rule of its first finding.
std::map<std::string, std::vector<FindingNumber>> by_rule(const PublishInput& input,
                                                          const std::set<FindingNumber>& apply) {
  std::map<std::string, std::vector<FindingNumber>> result;
  for (const Change& change : input.draft.changes()) {
    FindingNumber first = *change.findings.begin();
    if (apply.count(first) == 0) continue;
    auto found = input.findings.find(first);
    auto& numbers = result[found == input.findings.end() ? "change" : found->second.rule];
    numbers.insert(numbers.end(), change.findings.begin(), change.findings.end());
  }
  for (auto& entry : result) std::sort(entry.second.begin(), entry.second.end());
  return result;
}

}  // namespace

std::string commit_message(const std::string& rule, const std::vector<const Finding*>& findings,
                           const PublishOptions& options) {
  std::string message = one_line(rule) + ": " + subject_of(rule, findings.size()) + "\n\n";
  std::size_t listed = 0;
  for (const Finding* finding : findings) {
    if (listed++ == kMostListed) break;
    message += finding_line(*finding) + "\n";
  }
  if (findings.size() > kMostListed) message += "and " + std::to_string(findings.size() - kMostListed) + " more\n";
  message += "\nDaydream-Run: " + one_line(options.run_id) + "\nDaydream-Step: " + one_line(options.step_id) +
             "\nDaydream-Rule: " + one_line(rule) + "\nDaydream-Verified: " + one_line(options.verify_words) + "\n";
  return message;
}

Result<Committed> commit_by_rule(const PublishInput& input, const std::set<FindingNumber>& apply) {
  Committed result{input.start, {}};
  auto previous = input.draft.contents({});
  if (!previous) return std::move(previous.error());
  if (auto clean = input.tree.reset(input.start); !clean) return std::move(clean.error());
  std::set<FindingNumber> selected;
  for (const auto& [rule, numbers] : by_rule(input, apply)) {
    selected.insert(numbers.begin(), numbers.end());
    auto next = input.draft.contents(selected);
    if (!next) return std::move(next.error());
    auto changed = write_contents(input.tree, *previous, *next);
    if (!changed) return std::move(changed.error());
    previous = std::move(next);
    if (changed->empty()) continue;
    std::vector<const Finding*> listed;
    for (FindingNumber number : numbers) {
      auto found = input.findings.find(number);
      if (found != input.findings.end()) listed.push_back(&found->second);
    }
    auto commit = input.tree.commit_paths(
        {result.tip, commit_message(rule, listed, input.options), *changed, input.options.run_started.ms / 1000});
    if (!commit) return std::move(commit.error()).context("commit of " + rule);
    result.tip = *commit;
    for (FindingNumber number : numbers) result.commits[number] = *commit;
  }
  return result;
}

// Tonight's branch goes on under another name, because the one it had is somebody else's now.
Result<void> step_aside(const PublishInput& input, Published& published, const std::string& why) {
  const std::string taken = branches::short_name(published.ref);
  std::string other = published.ref;
  for (int tries = 0; tries < kMostNames; ++tries) {
    other = branches::next_name(other);
    auto moved = move_ref(input.tree, other, "", published.tip);
    if (!moved && moved.error().kind() == ErrorKind::kConflict) continue;
    if (!moved) return moved;
    published.notes.push_back(taken + " " + why + ": the night goes on as " + branches::short_name(other));
    published.ref = std::move(other);
    return {};
  }
  return Error(ErrorKind::kConflict, taken + " " + why + ", and so are all the names beside it");
}

Result<void> publish_branch(const PublishInput& input, Published& published) {
  if (published.tip == input.start) return {};
  auto holder = branches::checked_out_at(input.tree, published.ref);
  if (!holder) return std::move(holder.error());
  // To move a branch under its reader would make their work tree look edited.
  if (!holder->empty()) return step_aside(input, published, "is checked out at " + text::show_path(*holder));
  auto moved = move_ref(input.tree, published.ref, input.options.expected_ref, published.tip);
  if (!moved && moved.error().kind() == ErrorKind::kConflict)
    return step_aside(input, published, "was moved by somebody else meanwhile");
  return moved;
}

}  // namespace daydream::changes
