// What is known about Python modules that are not in the repository.
#pragma once

#include <string_view>

namespace daydream::legacy {

// A module of the standard library of Python 2.7 or 3 ("os.path" counts as "os").
bool standard_module(std::string_view module);
// Importing it does something by itself (readline, antigravity, ...).
bool import_has_effect(std::string_view module);

}  // namespace daydream::legacy
