#include "plugins/sentry_review/read/clean.hpp"

#include <arpa/inet.h>

#include <array>

#include "daydream/kit/text.hpp"

namespace daydream::sentry {
namespace {

constexpr std::string_view kMasked = "[masked ip]";
constexpr std::size_t kLongestAddress = 45;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_address_part(char c) {
  return is_hex(c) || c == '.' || c == ':';
}

bool parses(std::string_view word, int family) {
  std::array<char, 64> name{};
  if (word.size() >= name.size()) return false;
  word.copy(name.data(), word.size());
  std::array<unsigned char, 16> bytes{};
  return ::inet_pton(family, name.data(), bytes.data()) == 1;
}

bool harmless(std::string_view address) {
  return address == "0.0.0.0" || address.starts_with("127.") || address == "::1" || address == "::";
}

// The length of the address that `word` begins with; 0 = none. "10.0.0.1:5432" begins with one of eight bytes.
std::size_t address_length(std::string_view word) {
  if (word.find(':') != std::string_view::npos) {
    std::string_view whole = word;
    while (!whole.empty() && whole.back() == '.') whole.remove_suffix(1);
    if (whole.size() > 2 && parses(whole, AF_INET6)) return whole.size();
    if (whole.size() > 3 && whole.back() == ':' && parses(whole.substr(0, whole.size() - 1), AF_INET6)) {
      return whole.size() - 1;
    }
    word = word.substr(0, word.find(':'));
  }
  while (!word.empty() && word.back() == '.') word.remove_suffix(1);
  return parses(word, AF_INET) ? word.size() : 0;
}

}  // namespace

std::string mask_addresses(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::size_t at = 0;
  while (at < text.size()) {
    const bool starts =
        (is_hex(text[at]) || text[at] == ':') && (at == 0 || !(is_word(text[at - 1]) || text[at - 1] == '.'));
    if (!starts) {
      out += text[at++];
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && is_address_part(text[end]) && end - at <= kLongestAddress + 8) ++end;
    const std::string_view word = text.substr(at, end - at);
    std::size_t size = address_length(word);
    if (end < text.size() && size == word.size() && is_word(text[end])) size = 0;
    if (size == 0) {
      out += word;
      at = end;
      continue;
    }
    out += harmless(word.substr(0, size)) ? word.substr(0, size) : kMasked;
    at += size;
  }
  return out;
}

std::string clean(std::string_view foreign, std::size_t max_bytes) {
  // What lies far behind the cut cannot show; what straddles it must be masked whole.
  std::string words = text::to_utf8(foreign.substr(0, max_bytes * 2 + 4096));
  words = mask_addresses(text::mask(words));
  return text::shorten(text::collapse_space(words), max_bytes);
}

}  // namespace daydream::sentry
