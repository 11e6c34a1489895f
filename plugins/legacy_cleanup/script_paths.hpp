// Paths of a repository as text: relative, '/', never leaving the root.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace daydream::legacy {

// "a/b" of "a/b/c.js"; "" at the top.
inline std::string_view folder_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

// "a/b" and "../c" are "a/c"; nullopt where it would leave the root.
inline std::optional<std::string> join_path(std::string_view folder, std::string_view relative) {
  std::vector<std::string_view> parts;
  for (std::string_view rest : {folder, relative}) {
    while (!rest.empty()) {
      const auto slash = rest.find('/');
      const std::string_view part = rest.substr(0, slash);
      rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
      if (part.empty() || part == ".") continue;
      if (part == "..") {
        if (parts.empty()) return std::nullopt;
        parts.pop_back();
      } else {
        parts.push_back(part);
      }
    }
  }
  std::string joined;
  for (const std::string_view part : parts) {
    if (!joined.empty()) joined += '/';
    joined += part;
  }
  return joined;
}

}  // namespace daydream::legacy
