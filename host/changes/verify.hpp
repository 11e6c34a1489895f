// The team's own tests or build, in the private tree.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "changes/draft.hpp"
#include "changes/source_tree.hpp"

namespace daydream::changes {

struct Verdict {
  bool good = true;
  std::string words;  // "pytest -q", with the failing tail when red
};
struct VerifyOptions {
  std::vector<std::string> command;  // empty: nothing is verified
  std::chrono::milliseconds timeout{0};
  std::function<bool()> cancelled;
  // The tests are known to be red by chance: red counts only when it comes twice.
  bool red_twice = false;
  // Verdicts that outlive a kill, so that a bisection goes on where it was. `key` names the bytes that were
  // verified. Both or none.
  std::function<Result<std::optional<Verdict>>(const std::string& key)> recall = nullptr;
  std::function<Result<void>(const std::string& key, const Verdict& verdict)> remember = nullptr;
};
// One run of the command on the tree as it stands.
Result<Verdict> verify(const SourceTree& tree, const VerifyOptions& options);

// Writes the draft with `wanted` and verifies; red: bisects to the changes at fault. Returns the findings
// to drop, with the words of the failure. The tree is left holding `wanted` without them.
struct Bisected {
  std::set<FindingNumber> dropped;
  std::string words;
  int runs = 0;  // of the command, now; not those that were recalled
};
Result<Bisected> verify_changes(SourceTree& tree, const Draft& draft, const std::set<FindingNumber>& wanted,
                                const VerifyOptions& options);

// workspace.link and .setup: links into the private tree to the live one; setup commands once per base.
struct WorkspaceOptions {
  std::vector<std::string> link;
  std::vector<std::vector<std::string>> setup;
  std::chrono::milliseconds timeout{0};
  std::function<bool()> cancelled = nullptr;
};
Result<std::vector<std::string>> prepare_workspace(SourceTree& tree, const WorkspaceOptions& options);

}  // namespace daydream::changes
