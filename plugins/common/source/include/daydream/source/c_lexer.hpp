// C and C++ by tokens, comments and directives: what can be known of a file without a parse, macros or
// not. Never fails: what is no C becomes kOther tokens. Raw strings, line splices and digit separators
// are seen; a quote that does not end on its line (prose below `#if 0`) is one kOther byte.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace daydream::source::c {

enum class TokenKind : std::uint8_t {
  kName,
  kNumber,
  kString,  // with its prefix, raw ones too
  kCharacter,
  kPunctuation,  // one byte
  kComment,      // without its line end
  kDirective,    // from '#' to the end of its last line; comments in it are part of it
  kOther,
};

struct Token {
  std::uint32_t begin = 0, end = 0;
  std::uint32_t line = 0;  // physical, from 1, of its beginning
  TokenKind kind = TokenKind::kOther;
};

// A part of the file between an `#if` of a kind and what ends it.
struct Region {
  std::uint32_t directive = 0;  // index of the token of `#if ...`
  std::uint32_t otherwise = 0;  // of the first #else or #elif at its level; 0 = none
  std::uint32_t end = 0;        // of its #endif
  std::uint32_t branches = 0;   // how many #else and #elif it has
};

struct Lexed {
  std::string_view content;
  std::vector<Token> tokens;
  bool broken = false;  // an unterminated comment or raw string: do not trust the rest
  [[nodiscard]] std::string_view text(const Token& token) const {
    return content.substr(token.begin, token.end - token.begin);
  }
};

// `content` must outlive the result. Linear time. [any thread]
Lexed lex(std::string_view content);

// "if", "endif", "include" of a directive's text.
std::string_view directive_name(std::string_view directive);
// What stands behind the name, without comments, white space trimmed.
std::string_view directive_rest(std::string_view directive);

// The conditional parts, outer before inner; empty where #if and #endif do not match up.
std::vector<Region> regions(const Lexed& lexed);

}  // namespace daydream::source::c
