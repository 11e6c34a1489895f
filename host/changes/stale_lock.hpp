// Lock files that a git of ours left behind when it was killed in the middle: without this, the next start
// would refuse to move a ref for ever. Inside changes/ only.
#pragma once

#include <optional>
#include <string_view>

#include "base/model.hpp"

namespace daydream::changes {

// The lock that git's words say is there already, when it is one of those our calls take: of refs of ours,
// of the packed refs, of the private tree. Never the user's index or HEAD.
std::optional<Path> lock_in_the_way(std::string_view git_error);

// Removes it when no process of this machine holds it open and it has not been touched for two seconds.
// False: somebody may be at work; wait.
bool remove_if_abandoned(const Path& lock);

}  // namespace daydream::changes
