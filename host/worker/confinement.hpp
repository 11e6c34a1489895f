// What a worker takes from itself before code of a plugin runs, for this process and all it starts.
// Each returns what this kernel lacks, in words for people; nothing missing is an empty list.
#pragma once

#include <string>
#include <vector>

#include "frames/messages.hpp"

namespace daydream::worker {

// Memory (RLIMIT_DATA), CPU time, open files as Start says (0 = as it is); no core dumps.
std::vector<std::string> set_limits(const frames::Start& start);
// All of it, in order, as Start says: files (Landlock), calls (seccomp), limits. REQUIRES: one thread.
std::vector<std::string> confine(const frames::Start& start);

}  // namespace daydream::worker
