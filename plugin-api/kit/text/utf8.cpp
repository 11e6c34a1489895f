#include "utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "daydream/kit/text.hpp"

namespace daydream::text {

namespace {

struct Lead {
  std::size_t size;           // of the whole sequence
  unsigned char first, last;  // range of the second byte: no overlong forms, surrogates, > U+10FFFF
  char32_t bits;
};

Lead lead_of(unsigned char byte) {
  if (byte >= 0xC2 && byte <= 0xDF) return {2, 0x80, 0xBF, byte & 0x1FU};
  if (byte == 0xE0) return {3, 0xA0, 0xBF, byte & 0x0FU};
  if (byte == 0xED) return {3, 0x80, 0x9F, byte & 0x0FU};
  if (byte >= 0xE1 && byte <= 0xEF) return {3, 0x80, 0xBF, byte & 0x0FU};
  if (byte == 0xF0) return {4, 0x90, 0xBF, byte & 0x07U};
  if (byte == 0xF4) return {4, 0x80, 0x8F, byte & 0x07U};
  if (byte >= 0xF1 && byte <= 0xF3) return {4, 0x80, 0xBF, byte & 0x07U};
  return {0, 0, 0, 0};
}

struct Range {
  char32_t first, last;
};
// Sorted. Unicode's default-ignorable and formatting characters; the emoji variation selectors
// U+FE0E and U+FE0F stay, they are everywhere and harmless.
constexpr std::array kHidden = {
    Range{0x00, 0x08},       Range{0x0B, 0x0C},     Range{0x0E, 0x1F},       Range{0x7F, 0x9F},
    Range{0xAD, 0xAD},       Range{0x34F, 0x34F},   Range{0x61C, 0x61C},     Range{0x115F, 0x1160},
    Range{0x17B4, 0x17B5},   Range{0x180B, 0x180F}, Range{0x200B, 0x200F},   Range{0x2028, 0x202E},
    Range{0x2060, 0x206F},   Range{0x3164, 0x3164}, Range{0xFE00, 0xFE0D},   Range{0xFEFF, 0xFEFF},
    Range{0xFFA0, 0xFFA0},   Range{0xFFF0, 0xFFFB}, Range{0x1BCA0, 0x1BCA3}, Range{0x1D173, 0x1D17A},
    Range{0xE0000, 0xE0FFF},
};

// Where the ASCII text from `at` on ends; eight bytes at a time, for most of what is read is nothing else.
std::size_t ascii_end(std::string_view bytes, std::size_t at) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080U;
  for (std::uint64_t word = 0; at + sizeof word <= bytes.size(); at += sizeof word) {
    std::memcpy(&word, bytes.data() + at, sizeof word);
    if ((word & kHighBits) != 0) break;
  }
  while (at < bytes.size() && static_cast<unsigned char>(bytes[at]) < 0x80) ++at;
  return at;
}

}  // namespace

CodePoint decode_at(std::string_view bytes, std::size_t at) {
  const auto byte = static_cast<unsigned char>(bytes[at]);
  if (byte < 0x80) return {byte, 1, true};
  const Lead lead = lead_of(byte);
  if (lead.size == 0) return {};
  char32_t value = lead.bits;
  for (std::size_t i = 1; i < lead.size; ++i) {
    if (at + i >= bytes.size()) return {0xFFFD, i, false};
    const auto next = static_cast<unsigned char>(bytes[at + i]);
    const unsigned char first = i == 1 ? lead.first : 0x80;
    const unsigned char last = i == 1 ? lead.last : 0xBF;
    if (next < first || next > last) return {0xFFFD, i, false};
    value = value << 6 | (next & 0x3FU);
  }
  return {value, lead.size, true};
}

void append_utf8(std::string& out, char32_t value) {
  const auto byte = [&out](char32_t bits) { out.push_back(static_cast<char>(bits)); };
  if (value < 0x80) {
    byte(value);
  } else if (value < 0x800) {
    byte(0xC0 | value >> 6);
    byte(0x80 | (value & 0x3F));
  } else if (value < 0x10000) {
    byte(0xE0 | value >> 12);
    byte(0x80 | (value >> 6 & 0x3F));
    byte(0x80 | (value & 0x3F));
  } else {
    byte(0xF0 | value >> 18);
    byte(0x80 | (value >> 12 & 0x3F));
    byte(0x80 | (value >> 6 & 0x3F));
    byte(0x80 | (value & 0x3F));
  }
}

bool is_hidden(char32_t value) {
  const auto* found = std::upper_bound(kHidden.begin(), kHidden.end(), value,
                                       [](char32_t wanted, const Range& range) { return wanted < range.first; });
  return found != kHidden.begin() && value <= std::prev(found)->last;
}

void append_visible(std::string& out, char32_t value) {
  constexpr char kDigits[] = "0123456789abcdef";
  out += "\\u{";
  int shift = 20;
  while (shift > 4 && (value >> shift & 15) == 0) shift -= 4;
  for (; shift >= 0; shift -= 4) out.push_back(kDigits[value >> shift & 15]);
  out += "}";
}

bool valid_utf8(std::string_view bytes) {
  for (std::size_t at = ascii_end(bytes, 0); at < bytes.size(); at = ascii_end(bytes, at)) {
    const CodePoint point = decode_at(bytes, at);
    if (!point.valid) return false;
    at += point.size;
  }
  return true;
}

std::string to_utf8(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t plain = ascii_end(bytes, at) - at;
    out.append(bytes.substr(at, plain));
    at += plain;
    if (at == bytes.size()) break;
    const CodePoint point = decode_at(bytes, at);
    if (point.valid) {
      out.append(bytes.substr(at, point.size));
    } else {
      out += "\xEF\xBF\xBD";
    }
    at += point.size;
  }
  return out;
}

std::string shorten(std::string_view utf8, std::size_t max_bytes) {
  if (utf8.size() <= max_bytes) return std::string(utf8);
  constexpr std::string_view kEllipsis = "…";
  const bool mark = max_bytes >= kEllipsis.size();
  std::size_t end = mark ? max_bytes - kEllipsis.size() : max_bytes;
  // A border is where no continuation byte follows; invalid text has one within 3 bytes or none at all.
  for (int back = 0; back < 3 && end > 0 && (static_cast<unsigned char>(utf8[end]) & 0xC0) == 0x80; ++back) --end;
  std::string out(utf8.substr(0, end));
  if (mark) out += kEllipsis;
  return out;
}

}  // namespace daydream::text
