// What a task is about, where its words say it plainly: "Remove `old_parser()`", "Add src/cache.py",
// "Replace `a` by `b`". Anything less plain is about nothing we could check.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace daydream::tasks {

struct Name {
  std::string text;   // "src/old.c", "old_parser"
  bool path = false;  // else a symbol
};

struct Aim {
  std::vector<Name> gone;  // what must not be there any more when it is done
  std::vector<Name> come;  // what must be there
  [[nodiscard]] bool empty() const { return gone.empty() && come.empty(); }
};

Aim aim_of(std::string_view text);
// All names in code spans and all paths, for what the task touches.
std::vector<Name> names_in(std::string_view text);

}  // namespace daydream::tasks
