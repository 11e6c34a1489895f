// What kills, power cuts and other users leave lying about that is not the store: found, explained, and mended by
// `daydream doctor --repair`.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/doctor_checks.hpp"

namespace daydream::cli {

struct Trouble {
  Check check;  // its remedy is what --repair does, or what a human must do
  // Mends it and says how. Empty: only a human can.
  std::function<Result<std::string>()> mend;
};

// Folders and files that this user may not use, a lock that is no file. Mended before the lock is taken.
std::vector<Trouble> find_obstacles(const Places& places);
// Unfinished files, a state.json that is none. REQUIRES (mend): the run lock.
std::vector<Trouble> find_leftovers(const Places& places);
// The private tree, its entry in the repository, refs of ours and git's locks on them. REQUIRES (mend): the run lock.
std::vector<Trouble> find_git_leftovers(const Places& places);

// After the store has gone back to an earlier commit: the night branch is what the store remembers, or the next run
// would take what is missing for declined by a human. A branch of nights that it has lost is set aside under
// refs/daydream/lost/, unless somebody has it checked out. What was done, for people. REQUIRES: the run lock.
Result<std::vector<std::string>> put_refs_back(const Places& places);

}  // namespace daydream::cli
