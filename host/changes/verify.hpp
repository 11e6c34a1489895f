// The team's own tests or build, in the private tree.
#pragma once

#include <chrono>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "changes/draft.hpp"
#include "changes/source_tree.hpp"

namespace daydream::changes {

struct VerifyOptions {
  std::vector<std::string> command;  // empty: nothing is verified
  std::chrono::milliseconds timeout{0};
  std::function<bool()> cancelled;
};
struct Verdict {
  bool good = true;
  std::string words;  // "pytest -q", with the failing tail when red
};
// One run of the command on the tree as it stands.
Result<Verdict> verify(const SourceTree& tree, const VerifyOptions& options);

// Writes the draft with `wanted` and verifies; red: bisects to the changes at fault. Returns the findings
// to drop, with the words of the failure. The tree is left holding `wanted` without them.
struct Bisected {
  std::set<FindingNumber> dropped;
  std::string words;
  int runs = 0;
};
Result<Bisected> verify_changes(SourceTree& tree, const Draft& draft, const std::set<FindingNumber>& wanted,
                                const VerifyOptions& options);

// workspace.link and .setup: links into the private tree to the live one; setup commands once per base.
struct WorkspaceOptions {
  std::vector<std::string> link;
  std::vector<std::vector<std::string>> setup;
  std::chrono::milliseconds timeout{0};
};
Result<std::vector<std::string>> prepare_workspace(SourceTree& tree, const WorkspaceOptions& options);

}  // namespace daydream::changes
