// Names that last: of patterns, and of the place where a command was called.
#pragma once

#include <daydream/sdk.hpp>
#include <string>
#include <string_view>

namespace daydream::logs {

// Twelve hexadecimal digits, the same every night.
std::string pattern_id(std::string_view text);
// Where a command's relative paths begin.
Result<std::string> command_directory(const sdk::Run& run);

}  // namespace daydream::logs
