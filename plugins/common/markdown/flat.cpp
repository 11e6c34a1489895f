#include <algorithm>

#include "parts.hpp"

namespace daydream::markdown {

void Flat::add(std::string_view content, Span line) {
  if (!lines_.empty()) text_ += '\n';
  starts_.push_back(static_cast<std::uint32_t>(text_.size()));
  lines_.push_back(line);
  text_ += content.substr(line.begin, line.size());
}

std::uint32_t Flat::offset(std::size_t at) const {
  if (lines_.empty()) return 0;
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), static_cast<std::uint32_t>(at));
  const auto index = static_cast<std::size_t>(after - starts_.begin()) - 1;
  return std::min(lines_[index].begin + static_cast<std::uint32_t>(at) - starts_[index], lines_[index].end);
}

Span Flat::span(std::size_t begin, std::size_t end) const {
  if (end <= begin) return {offset(begin), offset(begin)};
  return {offset(begin), offset(end - 1) + (text_[end - 1] == '\n' ? 0U : 1U)};
}

}  // namespace daydream::markdown
