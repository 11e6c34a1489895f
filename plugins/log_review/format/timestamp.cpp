#include "plugins/log_review/format/timestamp.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace daydream::logs {
namespace {

// A pattern, a letter a part: Y year in four digits, y in two, M month and D day in two, d day in one or two
// (perhaps behind a space), B name of the month, A of the weekday, h m s in two, H N S hour, minute, second in one or
// two, f a fraction (perhaps), Z a zone (perhaps), z a zone, P AM or PM (perhaps), p AM or PM, E an epoch, U seconds
// since boot, T "T", a space or "_", _ spaces; anything else is itself.
struct Pattern {
  std::string_view text;
  bool weak = false;
};
constexpr std::array<Pattern, 38> kPatterns = {{
    {"Y-M-DTh:m:sfZ"},     {"Y/M/DTh:m:sfZ"}, {"Y.M.DTh:m:sfZ"},   {"Y-M-D-h.m.sfZ"},  {"Y-M-DTh:m"},
    {"YMD-H:N:Sf"},        {"YMDTh:m:sfZ"},   {"YMDThmsfZ"},       {"A_B_d_h:m:sf_Y"}, {"A_B_d_h:m:s_z_Y"},
    {"A,_d_B_Y_h:m:sf_z"}, {"B_d_h:m:sf_Y"},  {"B_d,_Y_H:m:sf_P"}, {"B_d_h:m:sfZ"},    {"B_d_Y_h:m:sf"},
    {"D/B/Y:h:m:sfZ"},     {"d-B-Y_h:m:sfZ"}, {"d_B_Y_h:m:sfZ"},   {"d_B_h:m:sf"},     {"d/B/Y_h:m:sfZ"},
    {"y/M/D_H:m:sf"},      {"y-M-D_h:m:sf"},  {"M/D/Y,_H:m:sfP"},  {"M/D/Y_H:m:sfP"},  {"D.M.Y_h:m:sfZ"},
    {"M-D_h:m:sf"},        {"M.D_h:m:sf"},    {"M/D_h:m:sf"},      {"yMD_hms", true},  {"yMD_h:m:sf"},
    {"MD_h:m:sf"},         {"h:m:sf", true},  {"E", true},         {"U", true},        {"Y-M-D_H:m:sf"},
    {"yMD_H:m:sf"},        {"D/M/Y_H:m:sf"},  {"H:mp", true},
}};

constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                      "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kDays = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}
  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  void skip(std::size_t count) { at_ += count; }

  bool literal(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  bool digits(int count, int* value, int low, int high) {
    int number = 0;
    for (int i = 0; i < count; ++i) {
      const char c = peek(static_cast<std::size_t>(i));
      if (!is_digit(c)) return false;
      number = number * 10 + (c - '0');
    }
    if (number < low || number > high) return false;
    at_ += static_cast<std::size_t>(count);
    *value = number;
    return true;
  }
  // Every line passes here: a call would cost more than what it does.
  [[gnu::always_inline]] bool one_or_two(int* value, int low, int high) {
    return (is_digit(peek(1)) && digits(2, value, low, high)) || (!is_digit(peek(1)) && digits(1, value, low, high));
  }
  bool spaces() {
    if (peek() != ' ') return false;
    while (peek() == ' ') ++at_;
    return true;
  }
  template <std::size_t N>
  bool name(const std::array<std::string_view, N>& names, int* index) {
    for (std::size_t i = 0; i < N; ++i) {
      if (lower(peek(0)) == names[i][0] && lower(peek(1)) == names[i][1] && lower(peek(2)) == names[i][2]) {
        at_ += 3;
        while (peek() >= 'a' && peek() <= 'z') ++at_;
        *index = static_cast<int>(i);
        return true;
      }
    }
    return false;
  }
  // ".123456", ",123", ":123"; always good.
  void fraction(Stamp& stamp) {
    if ((peek() != '.' && peek() != ',' && peek() != ':') || !is_digit(peek(1))) return;
    ++at_;
    std::int32_t value = 0;
    int count = 0;
    for (; is_digit(peek()); ++at_, ++count) {
      if (count < 9) value = value * 10 + (peek() - '0');
    }
    for (; count < 9; ++count) value *= 10;
    stamp.nanosecond = value;
  }
  // "Z", "+01:00", "+0100", "+01", " UTC", " +0100", " CET"; without one nothing is taken.
  bool zone(Stamp& stamp) {
    std::size_t from = 0;
    if (peek() == ' ') from = 1;
    const char c = peek(from);
    if (c == 'Z' && !(peek(from + 1) >= 'A' && peek(from + 1) <= 'Z')) {
      stamp.zone_minutes = 0;
      at_ += from + 1;
      return true;
    }
    if (c == '+' || c == '-') return offset(from, c == '-', stamp);
    if (from == 0) return false;
    return named_zone(stamp);
  }

 private:
  bool offset(std::size_t from, bool west, Stamp& stamp) {
    const std::size_t back = at_;
    at_ += from + 1;
    int hours = 0, minutes = 0;
    if (!digits(2, &hours, 0, 14)) {
      at_ = back;
      return false;
    }
    const std::size_t behind_hours = at_;
    if (peek() == ':') ++at_;
    if (!digits(2, &minutes, 0, 59)) at_ = behind_hours;
    if (is_digit(peek())) {  // "-12345" is no zone
      at_ = back;
      return false;
    }
    stamp.zone_minutes = (hours * 60 + minutes) * (west ? -1 : 1);
    return true;
  }
  bool named_zone(Stamp& stamp) {
    struct Named {
      std::string_view name;
      int minutes;
    };
    // Names that mean one offset nearly everywhere.
    static constexpr std::array<Named, 20> kZones = {
        {{"UTC", 0},    {"GMT", 0},    {"WET", 0},    {"WEST", 60},  {"CEST", 120}, {"CET", 60},   {"EEST", 180},
         {"EET", 120},  {"MSK", 180},  {"JST", 540},  {"AEST", 600}, {"AEDT", 660}, {"EST", -300}, {"EDT", -240},
         {"CST", -360}, {"CDT", -300}, {"MST", -420}, {"MDT", -360}, {"PST", -480}, {"PDT", -420}}};
    for (const Named& named : kZones) {
      if (text_.substr(at_ + 1, named.name.size()) != named.name) continue;
      const char behind = peek(1 + named.name.size());
      if ((behind >= 'A' && behind <= 'Z') || (behind >= 'a' && behind <= 'z') || is_digit(behind)) continue;
      stamp.zone_minutes = named.minutes;
      at_ += 1 + named.name.size();
      return true;
    }
    return false;
  }
  std::string_view text_;
  std::size_t at_ = 0;
};

// 10, 13, 16 or 19 digits that are an instant between 2000 and 2070, perhaps with a fraction.
bool read_epoch(Reader& reader, Stamp& stamp) {
  std::int64_t value = 0;  // of the first 13 digits at most: milliseconds
  std::size_t count = 0;
  for (; count < 20 && is_digit(reader.peek(count)); ++count) {
    if (count < 13) value = value * 10 + (reader.peek(count) - '0');
  }
  if (count != 10 && count != 13 && count != 16 && count != 19) return false;
  const std::int64_t ms = count == 10 ? value * 1000 : value;
  if (ms < 946'684'800'000 || ms > 3'155'760'000'000) return false;
  reader.skip(count);
  stamp.epoch_ms = ms;
  if (count == 10) {
    Stamp part;
    reader.fraction(part);
    stamp.epoch_ms += part.nanosecond / 1'000'000;
  }
  return true;
}

bool read_uptime(Reader& reader, Stamp& stamp) {
  std::size_t count = 0;
  while (reader.peek(count) == ' ') ++count;
  std::size_t whole = 0;
  while (is_digit(reader.peek(count + whole))) ++whole;
  if (whole == 0 || whole > 9 || reader.peek(count + whole) != '.') return false;
  std::size_t part = 0;
  while (is_digit(reader.peek(count + whole + 1 + part))) ++part;
  if (part != 6) return false;
  reader.skip(count + whole + 1 + part);
  stamp.second = 0;
  return true;
}

bool read_half_day(Reader& reader, Stamp& stamp, bool needed) {
  std::size_t from = 0;
  if (reader.peek() == ' ') from = 1;
  const char half = lower(reader.peek(from));
  if ((half != 'a' && half != 'p') || lower(reader.peek(from + 1)) != 'm') return !needed;
  reader.skip(from + 2);
  if (stamp.hour > 12 || stamp.hour == 0) return false;
  stamp.hour = stamp.hour % 12 + (half == 'p' ? 12 : 0);
  return true;
}

// One part of a pattern, chosen while compiling.
template <char kPart>
bool read_part(Reader& reader, Stamp& stamp) {
  int ignored = 0;
  if constexpr (kPart == 'Y') {
    return reader.digits(4, &stamp.year, 1970, 2199);
  } else if constexpr (kPart == 'y') {
    if (!reader.digits(2, &stamp.year, 0, 99)) return false;
    stamp.year += stamp.year < 70 ? 2000 : 1900;
    return true;
  } else if constexpr (kPart == 'M') {
    return reader.digits(2, &stamp.month, 1, 12);
  } else if constexpr (kPart == 'D') {
    return reader.digits(2, &stamp.day, 1, 31);
  } else if constexpr (kPart == 'd') {
    return reader.one_or_two(&stamp.day, 1, 31);
  } else if constexpr (kPart == 'B') {
    if (!reader.name(kMonths, &stamp.month)) return false;
    ++stamp.month;
    return true;
  } else if constexpr (kPart == 'A') {
    return reader.name(kDays, &ignored);
  } else if constexpr (kPart == 'h') {
    return reader.digits(2, &stamp.hour, 0, 23);
  } else if constexpr (kPart == 'H') {
    return reader.one_or_two(&stamp.hour, 0, 23);
  } else if constexpr (kPart == 'm') {
    return reader.digits(2, &stamp.minute, 0, 59);
  } else if constexpr (kPart == 'N') {
    return reader.one_or_two(&stamp.minute, 0, 59);
  } else if constexpr (kPart == 'S') {
    return reader.one_or_two(&stamp.second, 0, 60);
  } else if constexpr (kPart == 's') {
    return reader.digits(2, &stamp.second, 0, 60);
  } else if constexpr (kPart == 'f') {
    reader.fraction(stamp);
    return true;
  } else if constexpr (kPart == 'Z') {
    (void)reader.zone(stamp);
    return true;
  } else if constexpr (kPart == 'z') {
    return reader.zone(stamp);
  } else if constexpr (kPart == 'P') {
    return read_half_day(reader, stamp, false);
  } else if constexpr (kPart == 'p') {
    return read_half_day(reader, stamp, true);
  } else if constexpr (kPart == 'T') {
    return reader.literal('T') || reader.literal('_') || reader.spaces();
  } else if constexpr (kPart == '_') {
    return reader.spaces();
  } else if constexpr (kPart == 'E') {
    return read_epoch(reader, stamp);
  } else if constexpr (kPart == 'U') {
    return read_uptime(reader, stamp);
  } else {
    return reader.literal(kPart);
  }
}

// Where spaces are followed by a zone they belong to the zone.
constexpr bool is_left_out(std::string_view pattern, std::size_t at) {
  return pattern[at] == '_' && at + 1 < pattern.size() && (pattern[at + 1] == 'z' || pattern[at + 1] == 'P');
}

template <std::size_t kPattern, std::size_t... kAt>
bool read_parts(Reader& reader, Stamp& stamp, std::index_sequence<kAt...> /*parts*/) {
  constexpr std::string_view kText = kPatterns[kPattern].text;
  return ((is_left_out(kText, kAt) || read_part<kText[kAt]>(reader, stamp)) && ...);
}

// Of pattern `kPattern` at the start of `text`: its length, 0 where there is none.
template <std::size_t kPattern>
std::size_t match_one(std::string_view text, Stamp& stamp) {
  Reader reader(text);
  if (!read_parts<kPattern>(reader, stamp, std::make_index_sequence<kPatterns[kPattern].text.size()>())) return 0;
  return is_digit(reader.peek()) ? 0 : reader.at();
}

using Matcher = std::size_t (*)(std::string_view text, Stamp& stamp);
constexpr auto kMatchers = []<std::size_t... kPattern>(std::index_sequence<kPattern...> /*patterns*/) {
  return std::array<Matcher, sizeof...(kPattern)>{match_one<kPattern>...};
}
(std::make_index_sequence<kPatterns.size()>());

}  // namespace

std::size_t time_patterns() {
  return kPatterns.size();
}
bool pattern_is_weak(std::size_t index) {
  return kPatterns[index].weak;
}
std::string_view pattern_name(std::size_t index) {
  return index < kPatterns.size() ? kPatterns[index].text : "-";
}
std::size_t pattern_of_name(std::string_view name) {
  const auto found = std::find_if(kPatterns.begin(), kPatterns.end(), [&](const Pattern& p) { return p.text == name; });
  return static_cast<std::size_t>(found - kPatterns.begin());
}

std::size_t match_time(std::size_t index, std::string_view text, Stamp* stamp) {
  Stamp ignored;
  if (stamp != nullptr) *stamp = Stamp();
  return kMatchers[index](text, stamp == nullptr ? ignored : *stamp);
}

std::size_t find_time(std::string_view text, std::size_t* length, Stamp* stamp) {
  std::size_t best = kPatterns.size();
  *length = 0;
  for (std::size_t i = 0; i < kPatterns.size(); ++i) {
    Stamp read;
    const std::size_t taken = match_time(i, text, &read);
    if (taken <= *length) continue;
    *length = taken;
    best = i;
    if (stamp != nullptr) *stamp = read;
  }
  return best;
}

std::int64_t days_of(int year, int month, int day) {
  const std::int64_t y = month <= 2 ? year - 1 : year;
  const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
  const std::int64_t year_of_era = y - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

namespace {

int year_of(std::int64_t days) {
  auto year = static_cast<int>(1970 + days / 366);
  while (days_of(year + 1, 1, 1) <= days) ++year;
  return year;
}

constexpr std::int64_t kHour = 3'600'000, kDay = 24 * kHour;

// From what a clock showed, as if it were UTC.
std::int64_t from_local(std::int64_t local_ms, const Stamp& stamp, const TimeRules& rules) {
  const int minutes = stamp.zone_minutes == Stamp::kNoZone ? rules.own_minutes : stamp.zone_minutes;
  if (minutes != Stamp::kNoZone) return local_ms - minutes * 60'000LL;
  return rules.zone.instant_of(local_ms, rules.last_ms, rules.latest_ms);
}

// The last time of that reading which is not in the future.
std::int64_t instant_of_day(std::int64_t of_day, const Stamp& stamp, const TimeRules& rules) {
  const std::int64_t noon = rules.latest_ms / kDay * kDay + kDay / 2;
  const std::int64_t offset = noon - from_local(noon, stamp, rules);
  const std::int64_t midnight = (rules.latest_ms + offset) / kDay * kDay;
  const std::int64_t today = from_local(midnight + of_day, stamp, rules);
  return today > rules.latest_ms + kHour ? from_local(midnight - kDay + of_day, stamp, rules) : today;
}

}  // namespace

std::int64_t instant_of(const Stamp& stamp, const TimeRules& rules) {
  if (stamp.epoch_ms != Stamp::kNoTime) return stamp.epoch_ms;
  if (stamp.hour < 0) return Stamp::kNoTime;
  const std::int64_t of_day =
      ((stamp.hour * 60LL + stamp.minute) * 60 + stamp.second) * 1000 + stamp.nanosecond / 1'000'000;
  if (stamp.day < 0) return instant_of_day(of_day, stamp, rules);
  auto in_year = [&](int year) {
    return from_local(days_of(year, stamp.month, stamp.day) * kDay + of_day, stamp, rules);
  };
  if (stamp.year >= 0) return in_year(stamp.year);
  const int year = year_of(rules.latest_ms / kDay);
  const std::int64_t this_year = in_year(year);
  if (this_year > rules.latest_ms + kDay) return in_year(year - 1);
  // Written on 1 January of the year after the file's last change, by a clock that goes ahead.
  const std::int64_t next_year = in_year(year + 1);
  return next_year <= rules.latest_ms + kDay ? next_year : this_year;
}

}  // namespace daydream::logs
