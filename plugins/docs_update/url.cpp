#include "plugins/docs_update/url.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "daydream/kit/text.hpp"

namespace daydream::docs {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool has_scheme(std::string_view url) {
  if (url.empty() || std::isalpha(static_cast<unsigned char>(url[0])) == 0) return false;
  for (const char c : url) {
    if (c == ':') return true;
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '+' && c != '-' && c != '.') return false;
  }
  return false;
}

}  // namespace

bool external(std::string_view url) {
  const std::string start = text::to_lower_ascii(url.substr(0, 8));
  return start.starts_with("http://") || start.starts_with("https://");
}

bool placeholder(std::string_view url) {
  static constexpr std::array<std::string_view, 24> kMarks = {"{{",  "}}", "{%", "%}", "<%", "%>", "%=", " %",
                                                              "${",  "$(", "<?", "{",  "}",  "<",  ">",  "…",
                                                              "...", "@@", "[",  "]",  "|",  "$",  "*",  "\\"};
  if (std::any_of(kMarks.begin(), kMarks.end(),
                  [&](std::string_view mark) { return url.find(mark) != std::string_view::npos; })) {
    return true;
  }
  static constexpr std::array<std::string_view, 20> kWords = {
      "url",     "link",  "href",    "uri",       "path", "todo", "tbd",         "xxx",   "src",       "target",
      "path/to", "your-", "example", "link-here", "file", "dest", "destination", "image", "image-url", "some-link"};
  const std::string lower = text::to_lower_ascii(url);
  return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) { return lower == word; }) ||
         lower.starts_with("path/to/") || lower.starts_with("/path/to/") || lower.starts_with("./path/to/") ||
         lower.starts_with("your-") || lower.find("/path/to/") != std::string::npos;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string percent_encoded(std::string_view path) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = byte > 0x7F || std::isalnum(byte) != 0 ||
                       std::string_view("-._~/+@:,=&!$*;'").find(c) != std::string_view::npos;
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += kDigits[byte >> 4U];
      out += kDigits[byte & 15U];
    }
  }
  return out;
}

std::optional<Target> local_target(std::string_view url) {
  url = text::trim(url);
  if (url.empty() || url.size() > 4000 || has_scheme(url) || url.starts_with("//")) return std::nullopt;
  if (url.find('\n') != std::string_view::npos || url.find('\0') != std::string_view::npos) return std::nullopt;
  if (placeholder(url)) return std::nullopt;
  Target target;
  const auto hash = url.find('#');
  std::string_view rest = url.substr(0, hash);
  if (hash != std::string_view::npos) {
    target.has_fragment = true;
    target.raw_fragment = url.substr(hash + 1);
    target.fragment = percent_decoded(target.raw_fragment);
  }
  if (const auto query = rest.find('?'); query != std::string_view::npos) {
    target.query = rest.substr(query);
    rest = rest.substr(0, query);
  }
  target.raw_path = rest;
  target.absolute = rest.starts_with('/');
  if (target.absolute) rest.remove_prefix(1);
  target.path = percent_decoded(rest);
  if (target.path.find('\0') != std::string::npos) return std::nullopt;
  return target;
}

}  // namespace daydream::docs
