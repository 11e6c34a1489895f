#include "broker/url.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "daydream/kit/text.hpp"

namespace daydream::broker {
namespace {

constexpr std::size_t kLongest = 8192;
constexpr std::size_t kNone = std::string_view::npos;

Error bad(std::string words) {
  return {ErrorKind::kInvalid, std::move(words)};
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// "" when there is nothing to object to.
const char* wrong_bytes(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte == 0x7f) return "has a space or a control character in it";
    if (c == '\\') return "has a backslash in it";
  }
  return "";
}

// Bytes that have no place in a request line, as %XX; '%' stays as it is written.
std::string encoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  constexpr std::string_view kUnsafe = "\"<>^`{|}";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 && kUnsafe.find(c) == kNone) {
      out += c;
      continue;
    }
    out += '%';
    out += kHex[byte >> 4U];
    out += kHex[byte & 15U];
  }
  return out;
}

std::string without_dot_segments(std::string_view path) {
  std::vector<std::string_view> kept;
  const auto parts = text::split(path.substr(1), '/');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool last = i + 1 == parts.size();
    if (parts[i] == "..") {
      if (!kept.empty()) kept.pop_back();
      if (last) kept.emplace_back("");
    } else if (parts[i] == ".") {
      if (last) kept.emplace_back("");
    } else {
      kept.push_back(parts[i]);
    }
  }
  std::string out;
  for (const std::string_view part : kept) {
    out += '/';
    out += part;
  }
  return out.empty() ? "/" : out;
}

std::string make_target(std::string_view rest) {
  rest = rest.substr(0, rest.find('#'));
  const std::size_t query = rest.find('?');
  const std::string_view path = rest.substr(0, query);
  std::string target = encoded(path.empty() ? "/" : without_dot_segments(path));
  if (query != kNone) target += encoded(rest.substr(query));
  return target;
}

Result<std::uint16_t> parse_port(std::string_view digits) {
  unsigned port = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  const bool whole = read.ec == std::errc() && read.ptr == digits.data() + digits.size();
  if (!whole || digits.size() > 5 || port == 0 || port > 65535)
    return bad("has a port that is no number from 1 to 65535");
  return static_cast<std::uint16_t>(port);
}

bool good_label(std::string_view label) {
  if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
  return std::all_of(label.begin(), label.end(),
                     [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; });
}

// The last label says whether a resolver would read it all as an IPv4 address ("0x7f.1", "2130706433").
bool looks_numeric(std::string_view label) {
  if (std::all_of(label.begin(), label.end(), is_digit)) return true;
  if (!label.starts_with("0x")) return false;
  return std::all_of(label.begin() + 2, label.end(), [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
}

Result<void> take_ipv6(std::string_view inside, Url& url) {
  in6_addr address{};
  const std::string text(inside);
  if (text.find('%') != kNone) return bad("has an IPv6 address with a zone");
  if (inet_pton(AF_INET6, text.c_str(), &address) != 1) return bad("has no IPv6 address in its brackets");
  std::array<char, INET6_ADDRSTRLEN> plain{};
  inet_ntop(AF_INET6, &address, plain.data(), plain.size());
  url.host = plain.data();
  url.literal = true;
  return {};
}

Result<void> take_ipv4(Url& url) {
  in_addr address{};
  if (inet_pton(AF_INET, url.host.c_str(), &address) != 1)
    return bad("has a host of numbers that is no plain address (four decimal numbers, as 127.0.0.1)");
  std::array<char, INET_ADDRSTRLEN> plain{};
  inet_ntop(AF_INET, &address, plain.data(), plain.size());
  if (url.host != plain.data()) return bad("has an address with leading zeros");
  url.literal = true;
  return {};
}

Result<void> take_name(std::string_view name, const ToAscii& to_ascii, Url& url) {
  url.host = name;
  if (name.empty()) return bad("names no host");
  if (name.find('%') != kNone) return bad("has a percent sign in its host");
  if (!is_ascii(name)) {
    url.host = to_ascii && text::valid_utf8(name) ? to_ascii(url.host) : "";
    if (url.host.empty() || !is_ascii(url.host)) return bad("has a host name that has no xn-- form");
  }
  url.host = text::to_lower_ascii(url.host);
  if (url.host.back() == '.') return bad("has a host name that ends in a dot");
  if (url.host.size() > 253) return bad("has a host name of more than 253 bytes");
  const auto labels = text::split(url.host, '.');
  if (!std::all_of(labels.begin(), labels.end(), good_label)) return bad("has no proper host name");
  return looks_numeric(labels.back()) ? take_ipv4(url) : Result<void>();
}

Result<void> take_authority(std::string_view authority, const ToAscii& to_ascii, Url& url) {
  if (authority.find('@') != kNone) return bad("has a user name in it; headers are for that");
  url.port = url.https ? 443 : 80;
  std::string_view port;
  bool has_port = false;
  if (authority.starts_with("[")) {
    const std::size_t end = authority.find(']');
    if (end == kNone) return bad("has a bracket that does not end");
    if (auto taken = take_ipv6(authority.substr(1, end - 1), url); !taken) return taken;
    const std::string_view rest = authority.substr(end + 1);
    has_port = !rest.empty();
    if (has_port && rest.front() != ':') return bad("has something behind its bracket that is no port");
    if (has_port) port = rest.substr(1);
  } else {
    const std::size_t colon = authority.find(':');
    has_port = colon != kNone;
    if (has_port) port = authority.substr(colon + 1);
    if (auto taken = take_name(authority.substr(0, colon), to_ascii, url); !taken) return taken;
  }
  if (!has_port) return {};
  auto number = parse_port(port);
  if (!number) return std::move(number.error());
  url.port = *number;
  return {};
}

}  // namespace

std::string Url::authority() const {
  std::string out = host.find(':') == kNone ? host : "[" + host + "]";
  if (!default_port()) out += ":" + std::to_string(port);
  return out;
}

std::string Url::to_string() const {
  return (https ? "https://" : "http://") + authority() + target;
}

Result<Url> parse_url(std::string_view text, const ToAscii& to_ascii) {
  if (text.size() > kLongest) return bad("the URL is longer than 8192 bytes");
  if (const char* wrong = wrong_bytes(text); *wrong != '\0') return bad(std::string("the URL ") + wrong);
  const std::size_t colon = text.find("://");
  const std::string scheme = text::to_lower_ascii(text.substr(0, colon == kNone ? 0 : colon));
  if (scheme != "http" && scheme != "https") return bad("the URL does not begin with http:// or https://");
  Url url;
  url.https = scheme == "https";
  const std::string_view behind = text.substr(colon + 3);
  const std::size_t end = std::min(behind.find_first_of("/?#"), behind.size());
  if (auto taken = take_authority(behind.substr(0, end), to_ascii, url); !taken)
    return std::move(taken.error()).context("the URL");
  url.target = make_target(behind.substr(end));
  return url;
}

Result<Url> resolve_url(const Url& base, std::string_view reference, const ToAscii& to_ascii) {
  if (reference.size() > kLongest) return bad("the URL is longer than 8192 bytes");
  if (const char* wrong = wrong_bytes(reference); *wrong != '\0') return bad(std::string("the URL ") + wrong);
  const std::size_t colon = reference.find(':');
  const std::string_view scheme = reference.substr(0, colon == kNone ? 0 : colon);
  if (!scheme.empty() && is_letter(scheme.front()) && std::all_of(scheme.begin(), scheme.end(), [](char c) {
        return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
      }))
    return parse_url(reference, to_ascii);
  if (reference.starts_with("//"))
    return parse_url((base.https ? "https:" : "http:") + std::string(reference), to_ascii);
  Url url = base;
  if (reference.empty() || reference.starts_with("#")) return url;
  const std::string path = base.target.substr(0, base.target.find('?'));
  if (reference.starts_with("/"))
    url.target = make_target(reference);
  else if (reference.starts_with("?"))
    url.target = make_target(path + std::string(reference));
  else
    url.target = make_target(path.substr(0, path.rfind('/') + 1) + std::string(reference));
  return url;
}

}  // namespace daydream::broker
