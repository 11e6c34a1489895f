// The folder and the administration of the private tree, mended after kills. Inside changes/ only.
#pragma once

#include <string>

#include "base/model.hpp"
#include "daydream/kit/result.hpp"

namespace daydream::changes::worktree {

// The administration (HEAD, index) of the linked worktree `tree` of the repository whose common
// directory is given; "" when it is missing, damaged or belongs to another folder.
Path administration(const Path& tree, const Path& common_directory);

// Makes `tree` anew as a detached worktree at `commit`, without files; what lay there is removed. Entries of
// other worktrees are left alone, stale or not. `live` is the user's work tree.
Result<void> create(const Path& live, const Path& common_directory, const Path& tree, const std::string& commit);

// Removes what a killed git left in the administration of OUR tree: index.lock, HEAD.lock.
Result<void> remove_locks(const Path& administration);

// Without git: a repository of ours at `repository`, its work tree at `tree`. No attribute or setting of
// the user converts anything in it.
Result<void> create_own(const Path& repository, const Path& tree);
bool own_is_whole(const Path& repository, const Path& tree);

}  // namespace daydream::changes::worktree
