// Names that code marks as deprecated.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace daydream::docs {

struct Deprecated {
  std::string name;   // the function or class
  std::string owner;  // the class around it, or ""
  std::string words;  // what the mark says, one line; or ""
  std::string file;
  std::uint32_t line = 0;
};

// Python: a decorator named `deprecated`, or warnings.warn(..., DeprecationWarning) as a statement of the
// function's own block, unconditional. JavaScript, TypeScript, Java: @deprecated in the comment right above.
// C and C++: [[deprecated("...")]]. Rust: #[deprecated].
void deprecated_names(std::string_view path, std::string_view content, std::vector<Deprecated>& found);

}  // namespace daydream::docs
