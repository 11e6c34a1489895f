#include "changes/publish.hpp"

#include <algorithm>

#include "changes/durable.hpp"
#include "changes/publish_parts.hpp"

namespace daydream::changes {

Result<std::vector<std::string>> write_contents(SourceTree& tree, const Contents& previous, const Contents& next) {
  std::vector<std::string> changed;
  for (const auto& [path, content] : next) {
    auto before = previous.find(path);
    if (before != previous.end() && before->second == content) continue;
    changed.push_back(path);
  }
  // Removals first: a folder may take the name of a file.
  for (const auto& path : changed) {
    if (next.at(path).has_value()) continue;
    if (auto removed = tree.remove(path); !removed) return std::move(removed.error());
  }
  for (const auto& path : changed) {
    const auto& content = next.at(path);
    if (!content) continue;
    if (auto written = tree.write(path, *content); !written) return std::move(written.error());
  }
  return changed;
}

std::set<FindingNumber> whole_changes(const Draft& draft, const std::set<FindingNumber>& numbers) {
  std::set<FindingNumber> result;
  for (const Change& change : draft.changes()) {
    if (std::includes(numbers.begin(), numbers.end(), change.findings.begin(), change.findings.end())) {
      result.insert(change.findings.begin(), change.findings.end());
    }
  }
  return result;
}

namespace {

// The changes of `wanted` that are not whole in `apply`, but are with those already applied.
std::set<FindingNumber> review_changes(const Draft& draft, const std::set<FindingNumber>& apply,
                                       const std::set<FindingNumber>& review) {
  std::set<FindingNumber> both = apply;
  both.insert(review.begin(), review.end());
  std::set<FindingNumber> whole = whole_changes(draft, both);
  for (FindingNumber number : whole_changes(draft, apply)) whole.erase(number);
  return whole;
}

}  // namespace

Result<Published> publish(SourceTree& tree, const Draft& draft, const std::map<FindingNumber, Finding>& findings,
                          const std::set<FindingNumber>& apply, const std::set<FindingNumber>& review,
                          const PublishOptions& options) {
  PublishInput input{tree, draft, findings, options, tree.commit()};
  std::set<FindingNumber> applied = whole_changes(draft, apply);
  std::set<FindingNumber> reviewed = review_changes(draft, apply, review);
  Published published;
  published.tip = input.start;
  published.ref = options.ref.empty() ? "refs/heads/daydream/" + options.date : options.ref;
  if (options.mode == Mode::kInPlace) {
    if (auto done = publish_in_place(input, applied, published); !done) return std::move(done.error());
  }
  auto committed = commit_by_rule(input, applied);
  if (!committed) return std::move(committed.error());
  published.tip = committed->tip;
  if (options.mode == Mode::kBranch) {
    published.commits = std::move(committed->commits);
    if (auto done = publish_branch(input, published); !done) return std::move(done.error());
  }
  if (options.mode == Mode::kPatch) {
    if (auto done = publish_patch(input, published.tip); !done) return std::move(done.error());
  }
  if (options.mode != Mode::kObserve) {
    if (auto done = publish_review(input, published, applied, reviewed); !done) return std::move(done.error());
  }
  if (!applied.empty() || !reviewed.empty()) {
    // The store says next that all of this is there: commits and ref (git keeps the bytes of both, not their
    // names), patches, files of the user's.
    auto synced = sync_file_systems({options.state_directory, tree.repository().common_directory(), tree.live()});
    if (!synced) return std::move(synced.error());
  }
  if (auto settled = tree.reset(published.tip); !settled) return std::move(settled.error());
  return published;
}

}  // namespace daydream::changes
