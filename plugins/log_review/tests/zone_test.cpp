// What a wall clock's reading meant: where clocks are changed, where a line says its zone, where nobody knows it.
#include <cstdlib>

#include "nights.hpp"
#include "plugins/log_review/format/timestamp.hpp"

using namespace daydream::logs;
using namespace daydream::logs::testing;

namespace {

constexpr std::int64_t kMinute = 60'000, kHour = 60 * kMinute;

std::int64_t utc(int year, int month, int day, int hour, int minute = 0) {
  return days_of(year, month, day) * 24 * kHour + hour * kHour + minute * kMinute;
}
Stamp stamp(int year, int month, int day, int hour, int minute = 0) {
  Stamp made;
  made.year = year;
  made.month = month;
  made.day = day;
  made.hour = hour;
  made.minute = minute;
  return made;
}
// Central Europe in 2026: summer from 29 March 01:00 UTC to 25 October 01:00 UTC.
ZoneRules europe() {
  return ZoneRules({{INT64_MIN, 60}, {utc(2026, 3, 29, 1), 120}, {utc(2026, 10, 25, 1), 60}});
}
TimeRules rules_until(std::int64_t latest) {
  TimeRules rules;
  rules.zone = europe();
  rules.latest_ms = latest;
  return rules;
}

}  // namespace

TEST_CASE("a time without a zone is read by the offset of its own day, not of tonight") {
  const TimeRules rules = rules_until(utc(2026, 11, 22, 12));
  CHECK(instant_of(stamp(2026, 11, 22, 10), rules) == utc(2026, 11, 22, 9));
  CHECK(instant_of(stamp(2026, 7, 1, 10), rules) == utc(2026, 7, 1, 8));
  CHECK(instant_of(stamp(2026, 1, 5, 10), rules) == utc(2026, 1, 5, 9));
}

TEST_CASE("the hour that comes twice is told by the order of the lines") {
  TimeRules rules = rules_until(utc(2026, 10, 25, 6));
  std::vector<std::int64_t> read;
  // 02:10 and 02:50 of summer, 02:05 and 02:55 of winter, 03:10.
  for (const auto& [hour, minute] :
       std::vector<std::pair<int, int>>{{1, 50}, {2, 10}, {2, 50}, {2, 5}, {2, 55}, {3, 10}}) {
    rules.last_ms = instant_of(stamp(2026, 10, 25, hour, minute), rules);
    read.push_back(rules.last_ms);
  }
  CHECK(read == std::vector<std::int64_t>{utc(2026, 10, 24, 23, 50), utc(2026, 10, 25, 0, 10), utc(2026, 10, 25, 0, 50),
                                          utc(2026, 10, 25, 1, 5), utc(2026, 10, 25, 1, 55), utc(2026, 10, 25, 2, 10)});
}

TEST_CASE("lines of two threads that overtake each other do not skip an hour, nor does one that is not over yet") {
  TimeRules rules = rules_until(utc(2026, 10, 25, 6));
  rules.last_ms = utc(2026, 10, 25, 0, 30);
  CHECK(instant_of(stamp(2026, 10, 25, 2, 29), rules) == utc(2026, 10, 25, 0, 29));
  // The file was last written in the first of the two hours.
  TimeRules early = rules_until(utc(2026, 10, 25, 0, 50));
  early.last_ms = utc(2026, 10, 25, 0, 45);
  CHECK(instant_of(stamp(2026, 10, 25, 2, 10), early) == utc(2026, 10, 25, 0, 10));
}

TEST_CASE("a time that clocks skipped is read as if they had not been changed yet") {
  const TimeRules rules = rules_until(utc(2026, 3, 30, 0));
  CHECK(instant_of(stamp(2026, 3, 29, 1, 59), rules) == utc(2026, 3, 29, 0, 59));
  CHECK(instant_of(stamp(2026, 3, 29, 2, 30), rules) == utc(2026, 3, 29, 1, 30));
  CHECK(instant_of(stamp(2026, 3, 29, 3, 0), rules) == utc(2026, 3, 29, 1, 0));
}

TEST_CASE("what a file says of its zone goes before the zone of the run") {
  TimeRules rules = rules_until(utc(2026, 11, 22, 12));
  rules.own_minutes = -300;
  CHECK(instant_of(stamp(2026, 11, 22, 4), rules) == utc(2026, 11, 22, 9));
  Stamp said = stamp(2026, 11, 22, 10);
  said.zone_minutes = 60;
  CHECK(instant_of(said, rules) == utc(2026, 11, 22, 9));
}

TEST_CASE("what a file said of its zone holds after a kill and on the next night") {
  // 20:00 there on the evening before is 01:00 UTC of the day, within the window; read as UTC it were not.
  Nights whole, killed;
  killed.config.insert(1, R"("batch": "0ms", )");
  for (Nights* nights : {&whole, &killed}) {
    nights->day = 2;
    std::string& log = nights->files["logs/app.log"];
    log = "2026-11-01T19:59:00-05:00 INFO service started\n";
    for (int i = 0; i < 20'000; ++i) log += "2026-11-01T20:00:00 INFO request " + std::to_string(i) + " served\n";
    nights->run(nights == &killed ? 8 : 0);
    CHECK(nights->entries == 20'001);
    for (int i = 0; i < 7; ++i) log += "2026-11-02T20:00:00 INFO request " + std::to_string(i) + " served\n";
    nights->run();
    CHECK(nights->entries == 7);
  }
  CHECK(killed.kills > 0);
}

TEST_CASE("a time of day is that of the zone's day") {
  // 00:30 on 23 November in Europe is still the 22nd in UTC.
  const TimeRules rules = rules_until(utc(2026, 11, 22, 23, 40));
  Stamp day;
  day.hour = 0;
  day.minute = 30;
  CHECK(instant_of(day, rules) == utc(2026, 11, 22, 23, 30));
  day.hour = 23;
  CHECK(instant_of(day, rules) == utc(2026, 11, 22, 22, 30));
}

TEST_CASE("the rules of a zone are those of this machine's zone files") {
  const auto rules = ZoneRules::of_name("Europe/Berlin", utc(2026, 11, 22, 12));
  if (!rules) {
    WARN("no zone files here: left out");
    return;
  }
  CHECK(rules->minutes_at(utc(2026, 3, 29, 0, 59)) == 60);
  CHECK(rules->minutes_at(utc(2026, 3, 29, 1, 0)) == 120);
  CHECK(rules->minutes_at(utc(2026, 10, 25, 0, 59)) == 120);
  CHECK(rules->minutes_at(utc(2026, 10, 25, 1, 0)) == 60);
  CHECK(rules->minutes_at(utc(2025, 7, 1, 0)) == 120);
}

TEST_CASE("a zone whose rules are not there is read as UTC, and that is said") {
  CHECK_FALSE(ZoneRules::of_name("Nowhere/City", 0));
  CHECK_FALSE(ZoneRules::of_name("../../etc/passwd", 0));
  const char* before = std::getenv("TZDIR");
  const std::string kept = before == nullptr ? "" : before;
  (void)::setenv("TZDIR", "/nonexistent", 1);
  CHECK_FALSE(ZoneRules::of_name("Europe/Berlin", 0));
  CHECK(ZoneRules::of_name("UTC", 0)->minutes_at(0) == 0);
  Nights nights;
  nights.zone = "Europe/Berlin";
  nights.files["logs/app.log"] = nights.lines(0, 10);
  nights.run();
  (void)(before == nullptr ? ::unsetenv("TZDIR") : ::setenv("TZDIR", kept.c_str(), 1));
  CHECK(nights.entries == 10);
  CHECK(nights.summary.find("the rules of the time zone Europe/Berlin are not on this machine") != std::string::npos);
}
