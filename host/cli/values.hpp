// Flag values as what they mean. All errors are kUsage and name the flag and what was expected.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/model.hpp"
#include "cli/command.hpp"

namespace daydream::cli {

Result<std::optional<Milliseconds>> duration_of(const Arguments& arguments, const char* flag);
Result<std::optional<Instant>> instant_of(const Arguments& arguments, const char* flag);
Result<std::optional<Mode>> mode_of(const Arguments& arguments, const char* flag);
Result<std::optional<Severity>> severity_of(const Arguments& arguments, const char* flag);
// "a,b" -> a, b; empty parts are refused.
Result<std::vector<std::string>> list_of(const Arguments& arguments, const char* flag);
// One of `known`; the first when the flag is absent.
Result<std::string> choice_of(const Arguments& arguments, const char* flag, const std::vector<std::string>& known);

}  // namespace daydream::cli
