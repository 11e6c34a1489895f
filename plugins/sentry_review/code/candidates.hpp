// Which files of the tree a path or a module can mean.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/sentry_review/code/locate.hpp"

namespace daydream::sentry {

struct Match {
  std::vector<std::uint32_t> files;  // those with the longest suffix in common
  std::string suffix;
  bool needs_proof = false;  // more than one, or the names alone are too little
};
// Files whose path ends as `parts` do. Certain only where the whole of one side is matched, by two parts or
// more, and by one file alone.
Match match_suffix(const Tree& tree, const std::vector<std::string>& parts, bool rooted);

struct Alternative {
  std::vector<std::string> parts;
  bool rooted = false, needs_proof = false;
};
// Paths that a module, class or namespace lies in, by the language of the platform.
std::vector<Alternative> module_paths(const Frame& frame, std::string_view platform);

}  // namespace daydream::sentry
