// Which build of the step this is. What a night remembers it takes from memory only under the build that wrote it:
// a release that mends a rule, a lexer or an edit says everything anew, and nobody has to think of it.
#pragma once

#include <string_view>

namespace daydream::legacy {

// Hexadecimal digits: other for every change of the sources that decide what is said (identity.cmake). Lives for ever.
std::string_view build_identity();

}  // namespace daydream::legacy
