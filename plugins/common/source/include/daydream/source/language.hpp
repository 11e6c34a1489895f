// Which language a file is written in, by its name and first line.
#pragma once

#include <cstdint>
#include <string_view>

namespace daydream::source {

// Values live in caches: never renumber.
enum class Language : std::uint8_t {
  kNone = 0,
  kPython = 1,
  kJavaScript = 2,
  kTypeScript = 3,
  kTsx = 4,
  kC = 5,
  kCpp = 6,
  kGo = 7,
  kJava = 8,
  kRust = 9,
  kShell = 10,
};

// By extension; a name without one by the "#!" line at the start of `head`. [any thread]
Language detect(std::string_view path, std::string_view head = {});
// "Python", ...; "" for kNone.
std::string_view language_name(Language language);

}  // namespace daydream::source
