// What a shared library exports, read from its file: nothing of it runs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daydream/kit/result.hpp"

namespace daydream::conformance {

// Names of the defined, visible symbols of .dynsym, in the file's order. kInvalid: not an ELF shared library of
// this machine's class, or damaged. `bytes` may be anything.
Result<std::vector<std::string>> exported_symbols(std::string_view bytes);

}  // namespace daydream::conformance
