#include "manifest/names.hpp"

#include <algorithm>

#include "daydream/kit/text.hpp"

namespace daydream::manifest {
namespace {

constexpr std::size_t kMaxName = 64;

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return is_lower(c) || (c >= 'A' && c <= 'Z');
}

bool is_host_label(std::string_view label) {
  if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
  return std::all_of(label.begin(), label.end(),
                     [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; });
}

// ":8080" from 1 to 65535.
bool is_port_suffix(std::string_view text) {
  if (text.size() < 2 || text.size() > 6 || text.front() != ':' || text[1] == '0') return false;
  text.remove_prefix(1);
  return std::all_of(text.begin(), text.end(), is_digit) && (text.size() < 5 || text <= "65535");
}

}  // namespace

bool is_step_id(std::string_view text) {
  if (text.empty() || text.size() > kMaxName || !is_lower(text.front())) return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return is_lower(c) || is_digit(c) || c == '_' || c == '-'; });
}

bool is_plugin_name(std::string_view text) {
  return is_step_id(text);
}

bool is_plugin_path(std::string_view text) {
  return text.find('/') != std::string_view::npos || text.ends_with(".so");
}

bool is_variable_name(std::string_view text) {
  if (text.empty() || text.size() > kMaxName || is_digit(text.front())) return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
}

bool is_host_pattern(std::string_view text) {
  if (text == "*") return true;
  if (text.starts_with("[")) {  // an IPv6 address
    const auto end = text.find(']');
    if (end == std::string_view::npos || end < 3 || !(end + 1 == text.size() || is_port_suffix(text.substr(end + 1))))
      return false;
    return text.substr(1, end - 1).find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
  }
  if (const auto colon = text.find(':'); colon != std::string_view::npos && !text.starts_with("*")) {
    if (!is_port_suffix(text.substr(colon))) return false;
    text = text.substr(0, colon);
  }
  if (text.starts_with("*.")) text.remove_prefix(2);
  if (text.size() > 253) return false;
  const auto labels = text::split(text, '.');
  return std::all_of(labels.begin(), labels.end(), is_host_label);
}

bool is_wall_time(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return false;
  if (!is_digit(text[0]) || !is_digit(text[1]) || !is_digit(text[3]) || !is_digit(text[4])) return false;
  return (text[0] - '0') * 10 + (text[1] - '0') < 24 && text[3] < '6';
}

bool is_sha256(std::string_view text) {
  return text.size() == 64 &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
}

bool is_inner_path(std::string_view text) {
  const auto parts = text::split(text, '/');
  return std::none_of(parts.begin(), parts.end(), [](std::string_view part) {
    return part.empty() || part == "." || part == ".." || text::to_lower_ascii(part) == ".git";
  });
}

}  // namespace daydream::manifest
