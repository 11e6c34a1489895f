// The scanner of scan.hpp: inlined into its two users, hashing and collecting.
#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <type_traits>

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

namespace scanning {

// One pass over one message. `Sink` takes tokens; neighbouring values are given as one.
template <class Sink>
class Scanner {
 public:
  Scanner(std::string_view message, Sink& sink) : at_(message.data()), end_(at_ + message.size()), sink_(sink) {}

  void run() {
    while (at_ < end_) {
      const std::uint16_t first = class_of(*at_);
      if ((first & kSpace) != 0) {
        space_ = true;
        ++at_;
      } else {
        if ((first & kSplit) != 0)
          take_mark();
        else
          take_word(first);
        space_ = false;
      }
    }
    give_held();
  }

 private:
  void give_held() {
    if (held_ == nullptr) return;
    sink_(Token{TokenKind::kMark, held_space_, {held_, 1}});
    held_ = nullptr;
    after_value_ = false;
  }

  void take_mark() {
    give_held();
    if (after_value_ && *at_ == ',') {
      held_ = at_;
      held_space_ = space_;
    } else {
      sink_(Token{TokenKind::kMark, space_, {at_, 1}});
      after_value_ = false;
    }
    ++at_;
  }

  void take_word(std::uint16_t first) {
    const char* const begin = at_;
    const unsigned flags = pass_word();
    const TokenKind kind = kind_of(begin, first, flags);
    give({begin, static_cast<std::size_t>(at_ - begin)}, kind);
  }

  // Moves behind the word that begins here; what its bytes are. Four bytes at once where they are all of it.
  unsigned pass_word() {
    constexpr unsigned kEnds = kSpace | kSplit;
    unsigned flags = 0;
    for (; end_ - at_ >= 4; at_ += 4) {
      const unsigned are =
          static_cast<unsigned>(class_of(at_[0])) | class_of(at_[1]) | class_of(at_[2]) | class_of(at_[3]);
      if ((are & kEnds) != 0) break;
      flags |= are;
    }
    for (; at_ < end_; ++at_) {
      const unsigned is = class_of(*at_);
      if ((is & kEnds) != 0) break;
      flags |= is;
    }
    return flags;
  }

  // May take more of the message to the word.
  TokenKind kind_of(const char* begin, std::uint16_t first, unsigned flags) {
    TokenKind kind = TokenKind::kWord;
    if ((flags & (kDigit | kSlash | kAt)) != 0) {
      if (at_ < end_ && *at_ == ':') at_ = join_colons(begin, at_, end_, flags);
      kind = judge({begin, static_cast<std::size_t>(at_ - begin)}, flags);
    }
    if (at_ + 1 < end_ && *at_ == ':' && (flags & kDot) != 0 && (class_of(at_[1]) & kDigit) != 0) {
      // "www.example.org:443", "main.cc:12": a place.
      while (++at_ < end_ && (class_of(*at_) & (kSpace | kSplit)) == 0) {
      }
      kind = TokenKind::kValue;
    }
    if (at_ - begin == 3 && (first & kUpper) != 0 && begins_date(at_, end_)) kind = TokenKind::kValue;
    return kind;
  }

  void give(std::string_view word, TokenKind kind) {
    if (kind == TokenKind::kValue) {
      if (after_value_) {
        held_ = nullptr;
      } else {
        give_held();
        sink_(Token{kind, space_, word});
      }
      after_value_ = true;
      return;
    }
    if (after_value_ && held_ == nullptr && is_unit(word)) return;  // part of the value
    give_held();
    sink_(Token{kind, space_, word});
    after_value_ = false;
  }

  const char* at_;
  const char* const end_;
  Sink& sink_;
  bool space_ = false, after_value_ = false;  // after_value_: the last token given is a value
  const char* held_ = nullptr;                // a comma behind a value, that parts it from the next perhaps
  bool held_space_ = false;
};

}  // namespace scanning

template <class Sink>
void scan(std::string_view message, Sink&& sink) {
  scanning::Scanner<std::remove_reference_t<Sink>>(message, sink).run();
}

}  // namespace daydream::logs
