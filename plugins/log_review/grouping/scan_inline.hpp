// The scanner of scan.hpp: inlined into its two users, hashing and collecting.
#pragma once

#include <array>
#include <cstddef>
#include <cstring>

namespace daydream::logs {
namespace scanning {

// What a byte can be; a word is a run of bytes without kSpace and kSplit.
enum Class : std::uint16_t {
  kSpace = 1,
  kSplit = 2,
  kDigit = 4,
  kHexLetter = 8,
  kOtherLetter = 16,
  kSlash = 32,
  kDot = 64,
  kDash = 128,
  kOther = 256,
  kAt = 512,
  kUpper = 1024,
};

constexpr std::array<std::uint16_t, 256> make_classes() {
  std::array<std::uint16_t, 256> classes{};
  for (std::size_t c = 0; c < 256; ++c) {
    std::uint16_t is = kOther;
    if (c <= ' ' || c == 127) is = kSpace;
    if (c >= '0' && c <= '9') is = kDigit;
    if ((c >= 'g' && c <= 'z') || c >= 128) is = kOtherLetter;
    if (c >= 'a' && c <= 'f') is = kHexLetter;
    if (c >= 'A' && c <= 'F') is = kHexLetter | kUpper;
    if (c >= 'G' && c <= 'Z') is = kOtherLetter | kUpper;
    classes[c] = is;
  }
  for (const char c : std::string_view("=,;()[]{}<>\"'|:`")) classes[static_cast<unsigned char>(c)] = kSplit;
  classes['/'] = kSlash;
  classes['\\'] = kSlash;
  classes['.'] = kDot;
  classes['-'] = kDash;
  classes['@'] = kAt;
  return classes;
}
inline constexpr std::array<std::uint16_t, 256> kClasses = make_classes();

inline std::uint16_t class_of(char c) {
  return kClasses[static_cast<unsigned char>(c)];
}

// A word with digits, slashes or an "@" in it: constant or value? `flags`: of all its bytes.
TokenKind judge(std::string_view word, unsigned flags);
// The end of an address (IPv6, time, host:port...) whose parts are held together by ':'; `end` where it is none.
const char* join_colons(const char* begin, const char* word_end, const char* end, unsigned flags);
// "KB", "ms": a unit that belongs to the number before it.
bool is_unit(std::string_view word);
// The three letters before `word_end` are the name of a month or weekday, and more of a date follows.
bool begins_date(const char* word_end, const char* end);

}  // namespace scanning

template <class Sink>
void scan(std::string_view message, Sink&& sink) {
  using namespace scanning;  // NOLINT(google-build-using-namespace)
  const char* at = message.data();
  const char* const end = at + message.size();
  bool space = false, after_value = false;  // after_value: the last token given is a value
  const char* held = nullptr;               // a comma behind a value, that parts it from the next perhaps
  bool held_space = false;
  auto give_held = [&] {
    if (held == nullptr) return;
    sink(Token{TokenKind::kMark, held_space, {held, 1}});
    held = nullptr;
    after_value = false;
  };
  while (at < end) {
    const std::uint16_t first = class_of(*at);
    if ((first & kSpace) != 0) {
      space = true;
      ++at;
      continue;
    }
    if ((first & kSplit) != 0) {
      give_held();
      if (after_value && *at == ',') {
        held = at;
        held_space = space;
      } else {
        sink(Token{TokenKind::kMark, space, {at, 1}});
        after_value = false;
      }
      space = false;
      ++at;
      continue;
    }
    const char* const begin = at;
    unsigned flags = 0;
    for (std::uint16_t is = first; (is & (kSpace | kSplit)) == 0; is = class_of(*at)) {
      flags |= is;
      if (++at == end) break;
    }
    TokenKind kind = TokenKind::kWord;
    if ((flags & (kDigit | kSlash | kAt)) != 0) {
      if (at < end && *at == ':') at = join_colons(begin, at, end, flags);
      kind = judge({begin, static_cast<std::size_t>(at - begin)}, flags);
    }
    if (at + 1 < end && *at == ':' && (flags & kDot) != 0 && (class_of(at[1]) & kDigit) != 0) {
      // "www.example.org:443", "main.cc:12": a place.
      while (++at < end && (class_of(*at) & (kSpace | kSplit)) == 0) {
      }
      kind = TokenKind::kValue;
    }
    const std::string_view word(begin, static_cast<std::size_t>(at - begin));
    if (word.size() == 3 && (first & kUpper) != 0 && begins_date(at, end)) kind = TokenKind::kValue;
    if (kind == TokenKind::kValue) {
      if (after_value) {
        held = nullptr;
      } else {
        give_held();
        sink(Token{kind, space, word});
      }
      after_value = true;
    } else if (after_value && held == nullptr && is_unit(word)) {
      // part of the value
    } else {
      give_held();
      sink(Token{kind, space, word});
      after_value = false;
    }
    space = false;
  }
  give_held();
}

}  // namespace daydream::logs
