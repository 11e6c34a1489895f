// Questions about refs, asked of git. Inside changes/ only.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "changes/source_tree.hpp"

namespace daydream::changes::branches {

std::string short_name(const std::string& ref);  // without refs/heads/
std::string next_name(const std::string& ref);   // .../2026-11-22 -> .../2026-11-22-2 -> -3

// Ref -> commit: the branches "daydream" and below it, in one call.
Result<std::map<std::string, std::string>> nights(SourceTree& tree);
// "" = there is no such ref.
Result<std::string> target(SourceTree& tree, const std::string& ref);
// The folder of the work tree that has it checked out; "" = none.
Result<std::string> checked_out_at(SourceTree& tree, const std::string& ref);
// An upstream is configured, or a remote has a branch of the name.
Result<bool> is_shared(SourceTree& tree, const std::string& ref);
Result<bool> is_ancestor(SourceTree& tree, const std::string& commit, const std::string& of);
// Oldest first; commits of `tips` without those reachable from `without`.
Result<std::vector<std::string>> commits_between(SourceTree& tree, const std::string& tip,
                                                 const std::vector<std::string>& without);
// Stable patch identities of the commits, in their order; "" for one without changes.
Result<std::vector<std::string>> patch_ids(SourceTree& tree, const std::vector<std::string>& commits);
bool has_commit(SourceTree& tree, const std::string& commit);

}  // namespace daydream::changes::branches
