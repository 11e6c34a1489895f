#include "plugins/legacy_cleanup/rules/c/c_file.hpp"

#include <algorithm>
#include <iterator>

#include "plugins/legacy_cleanup/rules/python_file.hpp"

namespace daydream::legacy::c {
namespace {

std::uint32_t line_begin(std::string_view content, std::uint32_t at) {
  const auto found = at == 0 ? std::string_view::npos : content.rfind('\n', at - 1);
  return found == std::string_view::npos ? 0 : static_cast<std::uint32_t>(found + 1);
}
std::uint32_t line_end(std::string_view content, std::uint32_t at) {
  const auto found = content.find('\n', at);
  return static_cast<std::uint32_t>(found == std::string_view::npos ? content.size() : found + 1);
}
bool blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n\f") == std::string_view::npos;
}

}  // namespace

bool is_c(source::Language language) {
  return language == source::Language::kC || language == source::Language::kCpp;
}

bool left_alone(std::string_view path) {
  return foreign_place(path) || is_sample(path) || path.starts_with("sample/") ||
         path.find("/sample/") != std::string_view::npos;
}

Edit whole_lines(std::string_view content, std::uint32_t begin, std::uint32_t end) {
  Edit edit{line_begin(content, begin), line_end(content, end > begin ? end - 1 : end), ""};
  const auto size = static_cast<std::uint32_t>(content.size());
  const bool blank_before = edit.begin == 0 || blank(content.substr(line_begin(content, edit.begin - 1),
                                                                    edit.begin - line_begin(content, edit.begin - 1)));
  if (blank_before && edit.end < size && blank(content.substr(edit.end, line_end(content, edit.end) - edit.end))) {
    edit.end = line_end(content, edit.end);
  }
  return edit;
}

bool own_lines(std::string_view content, std::uint32_t begin, std::uint32_t end) {
  const std::uint32_t from = line_begin(content, begin);
  if (!blank(content.substr(from, begin - from))) return false;
  std::string_view behind = content.substr(end, line_end(content, end) - end);
  const auto solid = behind.find_first_not_of(" \t\r\n");
  if (solid == std::string_view::npos) return true;
  behind.remove_prefix(solid);
  if (behind.starts_with("//")) return true;
  const auto close = behind.starts_with("/*") ? behind.find("*/", 2) : std::string_view::npos;
  return close != std::string_view::npos && blank(behind.substr(close + 2));
}

std::vector<std::pair<std::uint32_t, std::uint32_t>> conditional_parts(const Lexed& lexed) {
  const auto solid = [](const Token& token) { return token.kind != TokenKind::kComment; };
  const auto first = std::find_if(lexed.tokens.begin(), lexed.tokens.end(), solid);
  const auto last = std::find_if(lexed.tokens.rbegin(), lexed.tokens.rend(), solid);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> parts;
  for (const auto& region : source::c::regions(lexed)) {
    const Token &open = lexed.tokens[region.directive], &end = lexed.tokens[region.end];
    if (&open == &*first && &end == &*last && region.branches == 0) continue;
    if (parts.empty() || open.begin >= parts.back().second) parts.emplace_back(open.begin, end.end);
  }
  return parts;
}

bool within(const std::vector<std::pair<std::uint32_t, std::uint32_t>>& parts, std::uint32_t at) {
  const auto behind = std::upper_bound(parts.begin(), parts.end(), at,
                                       [](std::uint32_t one, const auto& part) { return one < part.first; });
  return behind != parts.begin() && at < std::prev(behind)->second;
}

}  // namespace daydream::legacy::c
