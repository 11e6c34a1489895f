#include <catch2/catch.hpp>
#include <cstdlib>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/zone.hpp"

using namespace daydream;

namespace {

Instant at(std::string_view text) {
  auto instant = parse_rfc3339(text);
  if (!instant) FAIL(instant.error().message());
  return *instant;
}

std::string first(std::string_view date, std::string_view time, std::string_view zone) {
  auto instant = zone::first_instant(date, time, zone);
  if (!instant) FAIL(instant.error().message());
  return rfc3339(*instant);
}

}  // namespace

TEST_CASE("times are written as RFC 3339 in UTC") {
  CHECK(rfc3339({0}) == "1970-01-01T00:00:00Z");
  CHECK(rfc3339({1'795'314'604'999}) == "2026-11-22T02:30:04Z");
  CHECK(rfc3339({1'795'314'604'007}, true) == "2026-11-22T02:30:04.007Z");
  CHECK(rfc3339({-1}) == "1969-12-31T23:59:59Z");
  CHECK(rfc3339({4'102'444'800'000}) == "2100-01-01T00:00:00Z");  // past 2038
}

TEST_CASE("every form of RFC 3339 is read") {
  CHECK(at("2026-11-22T02:30:04Z").ms == 1'795'314'604'000);
  CHECK(at("2026-11-22t02:30:04z").ms == 1'795'314'604'000);
  CHECK(at("2026-11-22 02:30:04Z").ms == 1'795'314'604'000);
  CHECK(at("2026-11-22T03:30:04+01:00").ms == 1'795'314'604'000);
  CHECK(at("2026-11-21T21:00:04-05:30").ms == 1'795'314'604'000);
  CHECK(at("2026-11-22T02:30:04.5Z").ms == 1'795'314'604'500);
  CHECK(at("2026-11-22T02:30:04.123456789Z").ms == 1'795'314'604'123);
  CHECK(at("2016-12-31T23:59:60Z") == at("2017-01-01T00:00:00Z"));  // a leap second
  CHECK(at("2038-01-19T03:14:08Z").ms == 2'147'483'648'000);
  CHECK(at("2028-02-29T00:00:00Z").ms == at("2028-02-28T00:00:00Z").ms + 86'400'000);
}

TEST_CASE("what is no time is refused with what was expected") {
  const auto* text = GENERATE("", "2026-11-22", "2026-11-22T02:30Z", "2026-11-22T02:30:04", "2026-02-29T00:00:00Z",
                              "2026-13-01T00:00:00Z", "2026-11-22T24:00:00Z", "2026-11-22T02:60:00Z",
                              "2026-11-22T02:30:61Z", "2026-11-22T02:30:04.Z", "2026-11-22T02:30:04+24:00",
                              "2026-11-22T02:30:04+0100", "2026-11-22T02:30:04Z ", "+026-11-22T02:30:04Z", "tomorrow");
  CAPTURE(text);
  const auto instant = parse_rfc3339(text);
  REQUIRE_FALSE(instant);
  CHECK(instant.error().kind() == ErrorKind::kInvalid);
  CHECK_THAT(instant.error().message(), Catch::Contains("expected a time as 2026-11-22T02:30:04Z"));
}

TEST_CASE("durations are said for people") {
  CHECK(human_duration(Milliseconds(0)) == "0 ms");
  CHECK(human_duration(Milliseconds(999)) == "999 ms");
  CHECK(human_duration(Milliseconds(3'400)) == "3.4 s");
  CHECK(human_duration(Milliseconds(59'949)) == "59.9 s");
  CHECK(human_duration(Milliseconds(59'950)) == "1 min 00 s");
  CHECK(human_duration(Milliseconds(3'599'499)) == "59 min 59 s");
  CHECK(human_duration(Milliseconds(3'599'500)) == "1 h 00 min");
  CHECK(human_duration(Milliseconds(3'720'000)) == "1 h 02 min");
  CHECK(human_duration(Milliseconds(-5)) == "0 ms");
}

TEST_CASE("a frozen clock stands still, its monotonic time goes on") {
  const SystemClock clock(Instant{42});
  CHECK(clock.now().ms == 42);
  const auto before = clock.monotonic();
  CHECK(clock.now().ms == 42);
  CHECK(clock.monotonic() >= before);
  CHECK(SystemClock().now() > at("2020-01-01T00:00:00Z"));
}

TEST_CASE("only days that exist are dates") {
  CHECK(is_date("2026-11-22"));
  CHECK(is_date("2028-02-29"));
  for (const auto* text : {"", "2026-02-29", "2026-1-22", "2026-11-31", "2026-00-10", "2026-11-00", "0000-01-01",
                           "2026/11/22", "2026-11-22 ", "-026-11-22", "2026--1-22", "2026-11-+2"}) {
    CAPTURE(text);
    CHECK_FALSE(is_date(text));
  }
}

TEST_CASE("a run is named for its date, and the second of a day says so") {
  CHECK(RunId{"2026-11-22", 1}.text() == "2026-11-22");
  CHECK(RunId{"2026-11-22", 12}.text() == "2026-11-22_12");
  CHECK(RunId::parse("2026-11-22")->sequence == 1);
  CHECK(RunId::parse("2026-11-22_2")->sequence == 2);
  CHECK(RunId::parse("2026-11-22_2")->date == "2026-11-22");
  for (const auto* text : {"", "2026-11-22_", "2026-11-22_1", "2026-11-22_02", "2026-11-22_-2", "2026-11-22_2x",
                           "2026-11-22-2", "2026-11-31", "2026-11-22_99999999999"}) {
    CAPTURE(text);
    CHECK_FALSE(RunId::parse(text));
  }
}

TEST_CASE("the neighbours of a date") {
  CHECK(zone::next_date("2026-12-31") == "2027-01-01");
  CHECK(zone::next_date("2028-02-28") == "2028-02-29");
  CHECK(zone::previous_date("2027-03-01") == "2027-02-28");
}

TEST_CASE("local dates and times follow the zone, not the machine") {
  CHECK(zone::local_date(at("2026-11-22T23:30:00Z"), "Europe/Berlin") == "2026-11-23");
  CHECK(zone::local_date(at("2026-11-22T23:30:00Z"), "UTC") == "2026-11-22");
  CHECK(zone::local_date(at("2026-11-22T09:59:59Z"), "Pacific/Kiritimati") == "2026-11-22");
  CHECK(zone::local_date(at("2026-11-22T10:00:00Z"), "Pacific/Kiritimati") == "2026-11-23");
  CHECK(zone::local_time(at("2026-11-22T02:30:04Z"), "Europe/Berlin") == "2026-11-22 03:30 CET");
  CHECK(zone::local_time(at("2026-07-22T02:30:04Z"), "Europe/Berlin") == "2026-07-22 04:30 CEST");
}

TEST_CASE("a wall-clock time that exists once is that instant") {
  CHECK(first("2026-11-22", "02:30", "Europe/Berlin") == "2026-11-22T01:30:00Z");
  CHECK(first("2026-07-22", "02:30", "Europe/Berlin") == "2026-07-22T00:30:00Z");
  CHECK(first("2026-11-22", "00:00", "UTC") == "2026-11-22T00:00:00Z");
}

TEST_CASE("a wall-clock time in a gap is the instant of the transition") {
  CHECK(first("2027-03-28", "02:30", "Europe/Berlin") == "2027-03-28T01:00:00Z");
  CHECK(first("2027-03-28", "02:00", "Europe/Berlin") == "2027-03-28T01:00:00Z");
  CHECK(first("2027-03-28", "02:59", "Europe/Berlin") == "2027-03-28T01:00:00Z");
  CHECK(first("2027-03-28", "03:00", "Europe/Berlin") == "2027-03-28T01:00:00Z");
  CHECK(first("2027-03-28", "01:59", "Europe/Berlin") == "2027-03-28T00:59:00Z");
  // Half an hour on Lord Howe Island: 02:00 is followed by 02:30.
  CHECK(first("2026-10-04", "02:15", "Australia/Lord_Howe") == "2026-10-03T15:30:00Z");
  // Midnight itself is missing in Beirut.
  CHECK(first("2026-03-29", "00:00", "Asia/Beirut") == "2026-03-28T22:00:00Z");
}

TEST_CASE("a wall-clock time that exists twice is the first of the two") {
  CHECK(first("2026-10-25", "02:30", "Europe/Berlin") == "2026-10-25T00:30:00Z");
  CHECK(first("2026-10-25", "03:00", "Europe/Berlin") == "2026-10-25T02:00:00Z");
  CHECK(first("2027-04-04", "01:45", "Australia/Lord_Howe") == "2027-04-03T14:45:00Z");
}

TEST_CASE("clock changes past 2037 come from the rule of the zone") {
  CHECK(first("2040-07-01", "02:30", "Europe/Berlin") == "2040-07-01T00:30:00Z");
  CHECK(first("2040-03-25", "02:30", "Europe/Berlin") == "2040-03-25T01:00:00Z");
  CHECK(first("2038-01-01", "00:30", "Australia/Sydney") == "2037-12-31T13:30:00Z");
  CHECK(first("2128-02-29", "02:30", "America/New_York") == "2128-02-29T07:30:00Z");
  CHECK(zone::local_date(at("2040-06-30T22:30:00Z"), "Europe/Berlin") == "2040-07-01");
  CHECK(zone::local_date(at("2037-12-31T23:30:00Z"), "Europe/Berlin") == "2038-01-01");
  CHECK(zone::local_time(at("2040-07-01T00:30:00Z"), "Europe/Berlin") == "2040-07-01 02:30 CEST");
}

TEST_CASE("a date that a zone leapt over begins where the next one does") {
  CHECK(first("2011-12-30", "02:30", "Pacific/Apia") == "2011-12-30T10:00:00Z");
}

TEST_CASE("dates and times that are none are refused") {
  for (const auto* time : {"", "2:30", "24:00", "02:60", "02-30", "02:3x", "02:30:00"}) {
    CAPTURE(time);
    CHECK(zone::first_instant("2026-11-22", time, "UTC").error().kind() == ErrorKind::kInvalid);
  }
  CHECK(zone::first_instant("2026-11-31", "02:30", "UTC").error().kind() == ErrorKind::kInvalid);
}

TEST_CASE("a zone that does not exist is refused with the nearest that does") {
  CHECK(zone::check("Europe/Berlin"));
  CHECK(zone::check(""));
  const auto wrong = zone::check("Europe/Berln");
  REQUIRE_FALSE(wrong);
  CHECK_THAT(wrong.error().message(), Catch::Contains("did you mean \"Europe/Berlin\"?"));
  CHECK_FALSE(zone::check("CEST+1 nonsense"));
  CHECK_FALSE(zone::check("../../etc/passwd"));
}

TEST_CASE("the machine's zone is that of TZ, or UTC when it cannot be told") {
  ::setenv("TZ", "Asia/Tokyo", 1);
  CHECK(zone::machine_zone() == "Asia/Tokyo");
  ::setenv("TZ", ":Asia/Tokyo", 1);
  CHECK(zone::machine_zone() == "Asia/Tokyo");
  ::setenv("TZ", "nonsense/zone", 1);
  CHECK(zone::machine_zone() == "UTC");
  ::unsetenv("TZ");
  CHECK(zone::check(zone::machine_zone()));
}

TEST_CASE("UTC is known without the database, and says what the database says") {
  for (const char* name : {"UTC", "Etc/UTC"}) {
    CHECK(zone::check(name).ok());
    for (const char* time : {"2026-11-22T23:59:59Z", "2016-12-31T23:59:59Z", "2040-02-29T00:00:00Z"}) {
      CHECK(zone::local_date(at(time), name) == zone::local_date(at(time), "Etc/Universal"));
      CHECK(zone::local_time(at(time), name) == zone::local_time(at(time), "Etc/Universal"));
    }
    CHECK(zone::first_instant("2026-11-22", "02:30", name)->ms ==
          zone::first_instant("2026-11-22", "02:30", "Etc/Universal")->ms);
  }
}
