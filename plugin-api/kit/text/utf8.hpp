// One step of UTF-8 decoding, shared by the files of this room.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace daydream::text {

struct CodePoint {
  char32_t value = 0xFFFD;
  std::size_t size = 1;  // bytes taken; of an invalid sequence its maximal part, at least 1
  bool valid = false;
};

// REQUIRES: at < bytes.size().
CodePoint decode_at(std::string_view bytes, std::size_t at);
void append_utf8(std::string& out, char32_t value);

// Controls but not '\t' '\n' '\r', C1, bidi controls, zero-width and other characters nobody can see
// or that reorder what one sees.
bool is_hidden(char32_t value);
// "\u{202e}"
void append_visible(std::string& out, char32_t value);

inline bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
inline bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
inline bool is_alnum(char c) {
  return is_digit(c) || is_letter(c);
}
inline bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
inline char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace daydream::text
