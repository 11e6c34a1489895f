// Time zones (date-tz over the system's zoneinfo).
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "daydream/kit/result.hpp"

namespace daydream::zone {

// The IANA name of the machine's zone; "UTC" when it cannot be told.
std::string machine_zone();
// kInvalid with the nearest known name.
Result<void> check(std::string_view zone);
// Local calendar date "YYYY-MM-DD" of an instant. REQUIRES: check(zone) or "" (the machine's).
std::string local_date(Instant instant, std::string_view zone);
// Local time for people: "2026-11-22 03:30 CET".
std::string local_time(Instant instant, std::string_view zone);
// The first instant at or after the wall-clock time "HH:MM" of that local date: in a gap the instant of
// the transition, in a fold the first of the two.
Result<Instant> first_instant(std::string_view date, std::string_view time, std::string_view zone);
std::string next_date(std::string_view date);
std::string previous_date(std::string_view date);

}  // namespace daydream::zone
