#include "plugins/log_review/grouping/scan.hpp"

#include <algorithm>

namespace daydream::logs {
namespace scanning {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (class_of(c) & (kHexLetter | kOtherLetter)) != 0;
}

// "12", "-3.5", "+7", "1,2" parts, "4.0KB", "12%", "3.4.5", "10-20", "#12", "0x1f", "5s".
bool is_numeric(std::string_view word) {
  std::size_t at = 0;
  while (at < word.size() && !is_digit(word[at]) && !is_letter(word[at]) && word[at] != '_' && word[at] != '/') ++at;
  if (at >= word.size() || !is_digit(word[at])) return false;
  if (word[at] == '0' && at + 1 < word.size() && (word[at + 1] == 'x' || word[at + 1] == 'X')) return true;
  std::size_t letters = 0;
  for (; at < word.size(); ++at) {
    if (is_letter(word[at])) {
      if (++letters > 3) return false;
    } else if (is_digit(word[at]) && letters > 0) {
      return false;
    }
  }
  return true;
}

// "9f4ef63", "deadbeef12", "a64f-99b2", "e2fd3a_1": hexadecimal by all its letters, long enough to be no word.
bool is_hex_like(std::string_view word, unsigned flags) {
  if ((flags & (kOtherLetter | kSlash | kAt)) != 0 || word.size() < 4) return false;
  std::size_t digits = 0;
  for (const char c : word) digits += is_digit(c) ? 1 : 0;
  return digits * 8 >= word.size() && (digits > 1 || word.size() >= 6);
}

// Letters and digits change so often that nobody would name a thing so; or named by a machine, by the amount of
// digits: "attempt_14_0001_m_02", "blk_3886504906".
bool is_made_up(std::string_view word) {
  std::size_t digits = 0, runs = 0, changes = 0;
  unsigned before = 0;  // 1 a digit, 2 a letter
  for (const char c : word) {
    const unsigned is = is_digit(c) ? 1U : is_letter(c) ? 2U : 0U;
    if (is == 1) {
      if (++digits >= 5) return true;
      runs += before == 1 ? 0 : 1;
    }
    changes += (is ^ before) == 3 ? 1 : 0;
    before = is;
  }
  if (word.size() >= 6) {
    if (changes >= 4 || (word.size() >= 20 && changes >= 3) || digits * 3 > word.size() * 2) return true;
  }
  return runs >= 2 && digits >= 4;
}

// "/var/log/x", "C:\\dir\\x", "a/b/c", "hdfs://...", "com.x/.Y": not "and/or", "I/O", "kB/s".
bool is_path(std::string_view word, unsigned flags) {
  if ((word[0] == '/' || word[0] == '\\' || word[0] == '~') && word.size() > 1) return true;
  if ((flags & (kDigit | kDot)) != 0) return true;
  return std::count_if(word.begin(), word.end(), [](char c) { return c == '/' || c == '\\'; }) >= 2;
}

}  // namespace

TokenKind judge(std::string_view word, unsigned flags) {
  // Digits and what stands between them: by far the most.
  if ((flags & ~unsigned{kDigit | kDot | kDash}) == 0 && is_digit(word[0])) return TokenKind::kValue;
  if ((flags & (kSlash)) != 0 && is_path(word, flags)) return TokenKind::kValue;
  if ((flags & kAt) != 0 && word.size() > 3 && word[0] != '@' && word.back() != '@') return TokenKind::kValue;
  if ((flags & kDigit) == 0) return TokenKind::kWord;
  if (is_numeric(word) || is_hex_like(word, flags)) return TokenKind::kValue;
  return is_made_up(word) ? TokenKind::kValue : TokenKind::kMixed;
}

const char* join_colons(const char* begin, const char* word_end, const char* end, unsigned flags) {
  // A scheme, a drive letter, or digits on both sides.
  const std::string_view word(begin, static_cast<std::size_t>(word_end - begin));
  const char* at = word_end;
  while (at + 1 < end && *at == ':' && (flags & kDigit) != 0 && (is_digit(at[-1]) || is_letter(at[-1])) &&
         (is_digit(at[1]) || (class_of(at[1]) & kHexLetter) != 0)) {
    const char* next = at + 1;
    unsigned part = 0;
    while (next < end && (class_of(*next) & (kSpace | kSplit)) == 0) part |= class_of(*next++);
    if ((part & kDigit) == 0 || (part & kOtherLetter) != 0) break;
    at = next;
  }
  return at == word_end ? word.data() + word.size() : at;
}

namespace {

constexpr std::uint32_t packed(std::string_view word) {
  std::uint32_t key = 0;
  for (const char c : word) key = key << 8U | static_cast<unsigned char>(c);
  return key;
}
}  // namespace

bool is_unit(std::string_view word) {
  if (word.size() > 3) return false;
  switch (packed(word)) {
    case packed("B"):
    case packed("KB"):
    case packed("MB"):
    case packed("GB"):
    case packed("TB"):
    case packed("kB"):
    case packed("K"):
    case packed("M"):
    case packed("G"):
    case packed("KiB"):
    case packed("MiB"):
    case packed("GiB"):
    case packed("TiB"):
    case packed("ms"):
    case packed("us"):
    case packed("ns"):
    case packed("s"):
    case packed("sec"):
    case packed("%"):
    case packed("AM"):
    case packed("PM"):
    case packed("am"):
    case packed("pm"):
    case packed("MHz"):
    case packed("GHz"):
    case packed("kHz"):
    case packed("UTC"):
    case packed("GMT"):
    case packed("EST"):
    case packed("EDT"):
    case packed("CST"):
    case packed("CDT"):
    case packed("PST"):
    case packed("PDT"):
    case packed("CET"):
    case packed("MST"):
    case packed("MDT"):
      return true;
    default:
      return false;
  }
}

bool is_date_word(std::string_view word) {
  switch (packed(word)) {
    case packed("Jan"):
    case packed("Feb"):
    case packed("Mar"):
    case packed("Apr"):
    case packed("May"):
    case packed("Jun"):
    case packed("Jul"):
    case packed("Aug"):
    case packed("Sep"):
    case packed("Oct"):
    case packed("Nov"):
    case packed("Dec"):
    case packed("Mon"):
    case packed("Tue"):
    case packed("Wed"):
    case packed("Thu"):
    case packed("Fri"):
    case packed("Sat"):
    case packed("Sun"):
      return true;
    default:
      return false;
  }
}

bool begins_date(const char* word_end, const char* end) {
  if (!is_date_word({word_end - 3, 3})) return false;
  const char* at = word_end;
  while (at < end && (*at == ' ' || *at == ',')) ++at;
  if (at == end || at == word_end) return false;
  return is_digit(*at) || (end - at >= 3 && is_date_word({at, 3}));
}

}  // namespace scanning

namespace {

constexpr std::uint64_t kSeed = 0x9E3779B97F4A7C15ULL;

std::uint64_t mix(std::uint64_t left, std::uint64_t right) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(left ^ kSeed) * (right ^ 0xD6E8FEB86659FD93ULL);
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

// The last bytes are read once more where there are eight at least, else put together from two overlapping halves.
inline std::uint64_t hash_bytes(std::uint64_t hash, const char* bytes, std::size_t size) {
  const std::uint64_t length = static_cast<std::uint64_t>(size) << 56U;
  std::uint64_t part = 0;
  if (size >= 8) {
    for (std::size_t at = 0; at + 8 < size; at += 8) {
      std::memcpy(&part, bytes + at, 8);
      hash = mix(hash, part);
    }
    std::memcpy(&part, bytes + size - 8, 8);
    return mix(hash, part ^ length);
  }
  if (size >= 4) {
    std::uint32_t low = 0, high = 0;
    std::memcpy(&low, bytes, 4);
    std::memcpy(&high, bytes + size - 4, 4);
    part = static_cast<std::uint64_t>(high) << 32U | low;
  } else if (size > 0) {
    part = static_cast<unsigned char>(bytes[0]) |
           static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[size / 2])) << 8U |
           static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[size - 1])) << 16U;
  }
  return mix(hash, part ^ length);
}

}  // namespace

std::size_t mask_digits(std::string_view word, char* out, std::size_t size) {
  std::size_t put = 0;
  bool digits = false;
  for (std::size_t i = 0; i < word.size() && put < size; ++i) {
    const bool digit = word[i] >= '0' && word[i] <= '9';
    if (digit && !digits) {
      // A sign that belongs to the number: "blk_-12".
      if (put > 1 && out[put - 1] == '-' && out[put - 2] == '_') --put;
      out[put++] = '#';
    } else if (!digit) {
      out[put++] = word[i];
    }
    digits = digit;
  }
  return put;
}

std::uint64_t shape_hash(std::string_view message) {
  std::uint64_t hash = 0x1F83D9ABFB41BD6BULL;  // not kSeed, which mix() would turn to nothing
  scan(message, [&hash](const Token& token) {
    switch (token.kind) {
      case TokenKind::kWord:
        hash = hash_bytes(hash, token.text.data(), token.text.size());
        break;
      case TokenKind::kMixed: {
        std::array<char, 256> masked;
        const std::size_t size = mask_digits(token.text, masked.data(), masked.size());
        hash = hash_bytes(hash, masked.data(), size);
        break;
      }
      case TokenKind::kMark:
        hash = mix(hash, 0x100U + static_cast<unsigned char>(token.text[0]));
        break;
      case TokenKind::kValue:
        hash = mix(hash, 0x300U);
        break;
    }
  });
  return hash;
}

}  // namespace daydream::logs
