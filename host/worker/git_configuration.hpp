// Which files git reads before it does anything: without them it refuses to work at all.
#pragma once

#include <string>
#include <vector>

namespace daydream::worker {

// The user's own configuration by HOME, XDG_CONFIG_HOME and GIT_CONFIG_GLOBAL, and what it includes. Existing
// files and folders only; the system's lie below /etc.
std::vector<std::string> git_configuration();

}  // namespace daydream::worker
