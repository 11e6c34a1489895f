#include "trailing_space.hpp"

#include <algorithm>

namespace trailing_space {

std::vector<Blank> find(std::string_view text) {
  std::vector<Blank> found;
  int line = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    ++line;
    const std::size_t feed = std::min(text.find('\n', begin), text.size());
    std::string_view content = text.substr(begin, feed - begin);
    if (content.ends_with('\r')) content.remove_suffix(1);
    const std::size_t last = content.find_last_not_of(" \t");
    const std::size_t kept = last == std::string_view::npos ? 0 : last + 1;
    if (kept < content.size()) found.push_back({line, begin + kept, content.size() - kept});
    begin = feed + 1;
  }
  return found;
}

}  // namespace trailing_space
