// What the rules that ask git for proof have in common.
#pragma once

#include <string_view>

namespace daydream::docs {

// The line itself says that it is about what was.
bool speaks_of_past(std::string_view line);
// Code of examples, tests and documentation: what it defines is not what the project offers.
bool of_an_example(std::string_view path);

}  // namespace daydream::docs
