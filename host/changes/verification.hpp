// One command of the team's in a folder, as verify and setup run them. Inside changes/ only.
#pragma once

#include <string>
#include <vector>

#include "changes/verify.hpp"

namespace daydream::changes::verification {

// In a process group of its own, without secrets in its environment; words as Verdict says. A command that
// cannot be started is red. kCancelled: asked to stop.
Result<Verdict> run_command(const Path& directory, const std::vector<std::string>& arguments,
                            const VerifyOptions& options);

}  // namespace daydream::changes::verification
