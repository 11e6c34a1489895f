// How a worker's end is told to people.
#pragma once

#include <optional>
#include <string>

#include "daydream/kit/process.hpp"

namespace daydream::session {

// Of a process that went without saying how its step came out. `last_error`: the last error that it logged, the
// worker's own words about a crash among them; `last_output`: the last line of its standard output and error.
std::string words_of_end(const std::optional<process::Child::Exit>& exit, const std::string& last_error,
                         const std::string& last_output);

}  // namespace daydream::session
