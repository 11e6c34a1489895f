// Python by tokens: what can be known of a file without parsing it, some twenty times faster than a
// parse. Never fails: bytes that are no Python become kOther tokens. Names inside f-strings are seen.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace daydream::source::python {

enum class TokenKind : std::uint8_t {
  kName,  // identifiers and keywords
  kNumber,
  kString,    // a whole plain literal with prefix and quotes
  kFString,   // a piece of an f- or t-string between two replacement fields; the first has the prefix
  kOperator,  // one character, or two or three for ** // >> << == != <= >= -> := += ... **= //= >>= <<=
  kComment,   // without its line end
  kNewline,   // the end of a logical line
  kOther,
};

struct Token {
  std::uint32_t begin = 0, end = 0;
  std::uint32_t line = 0;  // physical, from 1
  TokenKind kind = TokenKind::kOther;
  bool nested = false;  // inside brackets or a replacement field of an f-string
};

// A logical line: tokens [first, last) of it, comments left out at its front, kNewline at its end.
struct LogicalLine {
  std::uint32_t first = 0, last = 0;
  std::uint32_t indent = 0;  // columns, tabs to the next 8
};

struct Lexed {
  std::string_view content;
  std::vector<Token> tokens;
  std::vector<LogicalLine> lines;  // those with at least one token besides comments
  bool broken = false;             // an unterminated string or bracket: do not trust the rest
  [[nodiscard]] std::string_view text(const Token& token) const {
    return content.substr(token.begin, token.end - token.begin);
  }
  [[nodiscard]] bool is(std::size_t index, std::string_view word) const {
    return index < tokens.size() && text(tokens[index]) == word;
  }
};

// `content` must outlive the result. Linear time. [any thread]
Lexed lex(std::string_view content);

bool is_keyword(std::string_view word);  // hard keywords
// NFKC of an identifier, as the interpreter compares names; ASCII is returned as it is.
std::string normal_name(std::string_view name);

}  // namespace daydream::source::python
