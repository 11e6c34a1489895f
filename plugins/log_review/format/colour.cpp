#include "plugins/log_review/format/colour.hpp"

#include <algorithm>

namespace daydream::logs {
namespace {

constexpr char kEscape = '\x1B', kBell = '\x07';

// What begins with an escape at `at`: the place behind it.
std::size_t behind_order(std::string_view line, std::size_t at) {
  if (++at == line.size()) return at;
  const char kind = line[at++];
  if (kind == '[') {  // numbers, then a letter
    while (at < line.size() && (line[at] < '@' || line[at] > '~')) ++at;
    return std::min(at + 1, line.size());
  }
  if (kind == ']') {  // a title or a link, up to a bell or to ESC backslash
    while (at < line.size() && line[at] != kBell && line[at] != kEscape) ++at;
    return std::min(at + (at < line.size() && line[at] == kEscape ? 2 : 1), line.size());
  }
  return kind == '(' || kind == ')' ? std::min(at + 1, line.size()) : at;  // a set of characters
}

}  // namespace

bool has_colour(std::string_view line) {
  return line.find(kEscape) != std::string_view::npos;
}

std::string_view without_colour(std::string_view line, std::string& scratch) {
  std::size_t escape = line.find(kEscape);
  if (escape == std::string_view::npos) return line;
  scratch.clear();
  std::size_t from = 0;
  for (; escape != std::string_view::npos; escape = line.find(kEscape, from)) {
    scratch.append(line, from, escape - from);
    from = behind_order(line, escape);
  }
  scratch.append(line, from);
  return scratch;
}

}  // namespace daydream::logs
