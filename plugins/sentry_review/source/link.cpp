#include "plugins/sentry_review/source/link.hpp"

#include <utility>
#include <vector>

#include "daydream/kit/text.hpp"

namespace daydream::sentry {
namespace {

constexpr std::size_t kLongestHeader = 16 * 1024;
constexpr std::size_t kLongestCursor = 500;

// Splits at `separator` outside "<...>" and quotes.
std::vector<std::string_view> split_outside(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  bool angle = false, quote = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' && !angle) quote = !quote;
    if (c == '<' && !quote) angle = true;
    if (c == '>' && !quote) angle = false;
    if (c != separator || angle || quote) continue;
    parts.push_back(text.substr(begin, i - begin));
    begin = i + 1;
  }
  parts.push_back(text.substr(begin));
  return parts;
}

// `name="value"` or `name=value`.
std::pair<std::string, std::string_view> parameter(std::string_view part) {
  const std::size_t equals = part.find('=');
  if (equals == std::string_view::npos) return {};
  std::string_view value = text::trim(part.substr(equals + 1));
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
  return {text::to_lower_ascii(text::trim(part.substr(0, equals))), value};
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    if (low >= 0) i += 2;
    out += low >= 0 ? static_cast<char>(high * 16 + low) : text[i];
  }
  return out;
}

// The value of "cursor" in the query of "<address>".
std::string cursor_of_address(std::string_view target) {
  target = target.substr(0, target.find('>'));
  const std::size_t query = target.find('?');
  if (query == std::string_view::npos) return "";
  for (const std::string_view part : text::split(target.substr(query + 1), '&')) {
    if (part.starts_with("cursor=")) return percent_decoded(part.substr(7));
  }
  return "";
}

}  // namespace

std::optional<NextPage> next_page(std::string_view header) {
  if (header.size() > kLongestHeader) return std::nullopt;
  for (const std::string_view link : split_outside(header, ',')) {
    const auto parts = split_outside(link, ';');
    NextPage next;
    next.promised = true;
    bool is_next = false;
    for (std::size_t i = 1; i < parts.size(); ++i) {
      const auto [name, value] = parameter(parts[i]);
      if (name == "rel") is_next = value == "next";
      if (name == "results") next.promised = value == "true";
      if (name == "cursor") next.cursor = std::string(value);
    }
    if (!is_next) continue;
    if (next.cursor.empty()) next.cursor = cursor_of_address(parts[0]);
    if (next.cursor.size() > kLongestCursor) return std::nullopt;
    return next;
  }
  return std::nullopt;
}

std::string percent_encoded(std::string_view text) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  }
  return out;
}

}  // namespace daydream::sentry
