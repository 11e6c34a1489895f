// Points in time as logs write them. Patterns are tried once, while a file's layout is learned; later
// lines are read by the one pattern that fits. Pure functions. [any thread]
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "plugins/log_review/format/zone.hpp"

namespace daydream::logs {

// What a line says of its time: parts that are missing are -1.
struct Stamp {
  int year = -1, month = -1, day = -1;  // month and day from 1
  int hour = -1, minute = -1, second = 0;
  std::int32_t nanosecond = 0;
  int zone_minutes = kNoZone;       // east of UTC
  std::int64_t epoch_ms = kNoTime;  // where the line gives an instant
  static constexpr int kNoZone = 1 << 20;
  static constexpr std::int64_t kNoTime = INT64_MIN;
};

// The number of patterns.
std::size_t time_patterns();
// The length of a stamp of pattern `index` at the start of `text`, 0 where there is none: then it is not what
// `stamp` holds. `stamp` may be null.
std::size_t match_time(std::size_t index, std::string_view text, Stamp* stamp);
// The pattern that takes most of the start of `text`; time_patterns() where none fits.
std::size_t find_time(std::string_view text, std::size_t* length, Stamp* stamp);
// The same, without patterns that a number or a bare time of day fits: sure signs of a stamp.
bool pattern_is_weak(std::size_t index);
// What memory keeps of a pattern: it stays the same while others are added. "-": none, as is a name that none has.
std::string_view pattern_name(std::size_t index);
std::size_t pattern_of_name(std::string_view name);

// Instants of stamps: what a stamp leaves open comes from the zone and the file around it.
struct TimeRules {
  ZoneRules zone{};                       // of stamps without one
  int own_minutes = Stamp::kNoZone;       // what the file's last stamp with a zone said: goes before `zone`
  std::int64_t last_ms = Stamp::kNoTime;  // of the line before
  std::int64_t latest_ms = 0;             // nothing lies behind it but by a day: the file's last change, or now
};
// Unix milliseconds; Stamp::kNoTime where even the day is missing and cannot be had.
std::int64_t instant_of(const Stamp& stamp, const TimeRules& rules);
// Days since 1970-01-01 of a date of the Gregorian calendar.
std::int64_t days_of(int year, int month, int day);

}  // namespace daydream::logs
