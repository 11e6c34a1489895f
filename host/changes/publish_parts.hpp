// The three ways out of the private tree, called by publish(). Inside changes/ only.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "changes/publish.hpp"

namespace daydream::changes {

using Contents = std::map<std::string, std::optional<std::string>>;  // nullopt = absent

struct PublishInput {
  SourceTree& tree;
  const Draft& draft;
  const std::map<FindingNumber, Finding>& findings;
  const PublishOptions& options;
  std::string start;  // commit the step began with
};

// Makes the tree hold `next` where it differs from `previous`; the paths that differ.
Result<std::vector<std::string>> write_contents(SourceTree& tree, const Contents& previous, const Contents& next);

// Whole changes all of whose findings are in `numbers`.
std::set<FindingNumber> whole_changes(const Draft& draft, const std::set<FindingNumber>& numbers);

// One commit a rule on top of `start`, in order of rule name; each finding's commit. The tip is `start` when
// nothing changes.
struct Committed {
  std::string tip;
  std::map<FindingNumber, std::string> commits;
};
Result<Committed> commit_by_rule(const PublishInput& input, const std::set<FindingNumber>& apply);
std::string commit_message(const std::string& rule, const std::vector<const Finding*>& findings,
                           const PublishOptions& options);

// Moves the night branch to the tip.
Result<void> publish_branch(const PublishInput& input, Published& published);

// patches/<run>/NN-<step>.patch and all.patch.
Result<void> publish_patch(const PublishInput& input, const std::string& tip);
// patches/<run>/review-NN-<step>.patch, on top of `tip`; removed when there is nothing to review.
Result<void> publish_review(const PublishInput& input, const Published& published, const std::set<FindingNumber>& apply,
                            const std::set<FindingNumber>& review);

// Writes the result into the work tree; the changes that could not be written leave `apply`.
Result<void> publish_in_place(const PublishInput& input, std::set<FindingNumber>& apply, Published& published);

}  // namespace daydream::changes
