// One check in a process of its own.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "check.hpp"

namespace daydream::conformance {

// Runs `body` in a child with its own process group, closed standard input and swallowed output. A crash, an
// exit, a hang past the limit: kFail with what happened and where (see stage). Nothing of it is left behind.
Verdict isolated(const std::function<Verdict()>& body, std::chrono::milliseconds limit);

// In the child: what it is about to do, told by the parent where the child does not come back.
void stage(const std::string& words);

}  // namespace daydream::conformance
