#include "plugins/legacy_cleanup/rules/bridge_words.hpp"

#include <algorithm>
#include <charconv>

namespace daydream::legacy {
namespace {

bool digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

std::optional<std::string> date_at(std::string_view text) {
  const auto number = [&](std::size_t at, std::size_t size) {
    if (at + size > text.size()) return -1;
    int value = 0;
    const auto read = std::from_chars(text.data() + at, text.data() + at + size, value);
    return read.ec == std::errc() && read.ptr == text.data() + at + size ? value : -1;
  };
  const int year = number(0, 4);
  if (year < 1990 || year > 2199 || (text.size() > 4 && digit(text[4]))) return std::nullopt;
  std::string date(text.substr(0, 4));
  const int month = text.size() > 4 && text[4] == '-' ? number(5, 2) : -1;
  if (month < 1 || month > 12)
    return text.size() > 4 && (text[4] == '-' || text[4] == '.') ? std::nullopt : std::optional(date + "-12-31");
  date += text.substr(4, 3);
  const int day = text.size() > 7 && text[7] == '-' ? number(8, 2) : -1;
  if (day < 1 || day > 31) return date + "-31";
  return date + std::string(text.substr(7, 3));
}

bool part_of_other(char before) {
  return (before >= 'a' && before <= 'z') || before == '"' || before == '\'' || before == '`';
}

bool marked(std::string_view lower) {
  return std::any_of(kMarkers.begin(), kMarkers.end(), [&](std::string_view word) { return lower.starts_with(word); });
}

std::string_view version_at(std::string_view text) {
  if (text.starts_with("v")) text.remove_prefix(1);
  const auto end = std::min(text.find_first_not_of("0123456789."), text.size());
  std::string_view version = text.substr(0, end);
  while (version.ends_with(".")) version.remove_suffix(1);
  return version.find('.') == std::string_view::npos ? std::string_view() : version;
}

}  // namespace daydream::legacy
