#include "plugins/log_review/format/severity.hpp"

#include <algorithm>
#include <array>

namespace daydream::logs {
namespace {

struct Named {
  std::string_view word;
  Severity severity;
};
constexpr std::array<Named, 47> kWords = {{
    {"trace", Severity::kTrace},
    {"finest", Severity::kTrace},
    {"finer", Severity::kTrace},
    {"verbose", Severity::kTrace},
    {"trce", Severity::kTrace},
    {"debug", Severity::kDebug},
    {"dbg", Severity::kDebug},
    {"fine", Severity::kDebug},
    {"dbug", Severity::kDebug},
    {"config", Severity::kDebug},
    {"debug1", Severity::kDebug},
    {"info", Severity::kInfo},
    {"information", Severity::kInfo},
    {"inf", Severity::kInfo},
    {"log", Severity::kInfo},
    {"statement", Severity::kInfo},
    {"detail", Severity::kInfo},
    {"hint", Severity::kInfo},
    {"notice", Severity::kNotice},
    {"note", Severity::kNotice},
    {"warning", Severity::kWarning},
    {"warn", Severity::kWarning},
    {"wrn", Severity::kWarning},
    {"error", Severity::kError},
    {"err", Severity::kError},
    {"eror", Severity::kError},
    {"severe", Severity::kError},
    {"fail", Severity::kError},
    {"failure", Severity::kError},
    {"critical", Severity::kCritical},
    {"crit", Severity::kCritical},
    {"fatal", Severity::kCritical},
    {"alert", Severity::kCritical},
    {"emerg", Severity::kCritical},
    {"emergency", Severity::kCritical},
    {"panic", Severity::kCritical},
    // Cut to a column's width.
    {"trac", Severity::kTrace},
    {"trc", Severity::kTrace},
    {"vrb", Severity::kTrace},
    {"debu", Severity::kDebug},
    {"erro", Severity::kError},
    {"fata", Severity::kCritical},
    {"ftl", Severity::kCritical},
    {"pani", Severity::kCritical},
    {"pnc", Severity::kCritical},
    {"success", Severity::kNotice},
    {"informational", Severity::kInfo},
}};

// Up to thirteen bytes in lower case, to be compared at once.
struct Packed {
  std::uint64_t low = 0, high = 0;
  bool operator==(const Packed&) const = default;
};
constexpr Packed pack(std::string_view word) {
  Packed packed;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const auto byte = static_cast<unsigned char>(word[i] >= 'A' && word[i] <= 'Z' ? word[i] + 32 : word[i]);
    (i < 8 ? packed.low : packed.high) |= static_cast<std::uint64_t>(byte) << (i % 8 * 8);
  }
  return packed;
}

// The words by length, and where those of a length begin.
constexpr std::size_t kLongestWord = 13;
constexpr auto kSorted = [] {
  auto words = kWords;
  std::sort(words.begin(), words.end(),
            [](const Named& left, const Named& right) { return left.word.size() < right.word.size(); });
  return words;
}();
constexpr auto kPacked = [] {
  std::array<Packed, kSorted.size()> packed{};
  for (std::size_t i = 0; i < packed.size(); ++i) packed[i] = pack(kSorted[i].word);
  return packed;
}();
constexpr auto kFirstOf = [] {
  std::array<std::size_t, kLongestWord + 2> first{};
  for (std::size_t length = 0; length < first.size(); ++length) {
    while (first[length] < kSorted.size() && kSorted[first[length]].word.size() < length) ++first[length];
  }
  return first;
}();

// Punctuation, but no space.
bool is_around(char c) {
  return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}

Severity of_letter(char letter) {
  switch (letter) {
    case 'T':
    case 'V':
      return Severity::kTrace;
    case 'D':
      return Severity::kDebug;
    case 'I':
      return Severity::kInfo;
    case 'N':
      return Severity::kNotice;
    case 'W':
      return Severity::kWarning;
    case 'E':
      return Severity::kError;
    case 'F':
    case 'C':
      return Severity::kCritical;
    default:
      return Severity::kUnknown;
  }
}

}  // namespace

std::string_view name_of(Severity severity) {
  constexpr std::array<std::string_view, kSeverities> kNames = {"unknown", "trace",   "debug", "info",
                                                                "notice",  "warning", "error", "critical"};
  return kNames[static_cast<std::size_t>(severity)];
}

Severity severity_of_word(std::string_view word, bool letters) {
  while (!word.empty() && is_around(word.front())) word.remove_prefix(1);
  while (!word.empty() && is_around(word.back())) word.remove_suffix(1);
  if (word.size() == 1) return letters ? of_letter(word[0]) : Severity::kUnknown;
  if (word.size() < 3 || word.size() > kLongestWord) return Severity::kUnknown;
  const Packed packed = pack(word);
  for (std::size_t i = kFirstOf[word.size()]; i < kFirstOf[word.size() + 1]; ++i) {
    if (kPacked[i] == packed) return kSorted[i].severity;
  }
  return Severity::kUnknown;
}

Severity severity_of_lead(std::string_view message) {
  for (std::size_t colon = 4; colon <= 9 && colon < message.size(); ++colon) {
    if (message[colon] != ':') continue;
    if (colon + 1 < message.size() && message[colon + 1] != ' ') return Severity::kUnknown;
    const std::string_view word = message.substr(0, colon);
    const Severity severity = severity_of_word(word, false);
    const bool capitals = std::all_of(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    // In small letters "note:", "config:", "alert:" are words of a text.
    const bool grave = severity >= Severity::kWarning && word != "alert" && word != "Alert";
    return capitals || grave ? severity : Severity::kUnknown;
  }
  return Severity::kUnknown;
}

Severity severity_of_pino(std::int64_t number) {
  if (number < 10 || number > 60) return Severity::kUnknown;
  constexpr std::array<Severity, 7> kLevels = {Severity::kTrace,   Severity::kTrace,   Severity::kDebug,
                                               Severity::kInfo,    Severity::kWarning, Severity::kError,
                                               Severity::kCritical};
  return kLevels[static_cast<std::size_t>(number / 10)];
}

Severity severity_of_otel(std::int64_t number) {
  if (number < 1 || number > 24) return Severity::kUnknown;
  constexpr std::array<Severity, 6> kLevels = {Severity::kTrace,   Severity::kDebug, Severity::kInfo,
                                               Severity::kWarning, Severity::kError, Severity::kCritical};
  return kLevels[static_cast<std::size_t>((number - 1) / 4)];
}

Severity severity_of_syslog(std::int64_t number) {
  if (number < 0 || number > 7) return Severity::kUnknown;
  constexpr std::array<Severity, 8> kLevels = {Severity::kCritical, Severity::kCritical, Severity::kCritical,
                                               Severity::kError,    Severity::kWarning,  Severity::kNotice,
                                               Severity::kInfo,     Severity::kDebug};
  return kLevels[static_cast<std::size_t>(number)];
}

}  // namespace daydream::logs
