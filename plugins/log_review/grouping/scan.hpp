// A message as tokens: words, punctuation, and places where values stand. One pass over the bytes, no
// allocation a token. Two messages with equal tokens have one shape. [any thread]
#pragma once

#include <cstdint>
#include <string_view>

namespace daydream::logs {

enum class TokenKind : std::uint8_t {
  kWord,   // constant text, no digits
  kMixed,  // constant text with places for digits, shown as '#': "node-#"
  kMark,   // one character of punctuation
  kValue,  // a number, address, path, identifier: stands for any
};

struct Token {
  TokenKind kind = TokenKind::kWord;
  bool space_before = false;
  std::string_view text{};  // as in the message; of kMixed before masking
};

// Calls sink(Token) for each. Runs of values (parted by spaces or commas) are one value.
template <class Sink>
void scan(std::string_view message, Sink&& sink);

// Of the token sequence, without spacing.
std::uint64_t shape_hash(std::string_view message);

// Writes the masked form of a kMixed token to `out` (at most `size` bytes); how many.
std::size_t mask_digits(std::string_view word, char* out, std::size_t size);

}  // namespace daydream::logs

#include "plugins/log_review/grouping/scan_inline.hpp"
