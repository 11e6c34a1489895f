#include "schedule/due.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "base/zone.hpp"

using namespace daydream;
using schedule::decide;
using schedule::Due;
using schedule::History;
using schedule::Schedule;

namespace {

Instant at(std::string_view text) {
  auto instant = parse_rfc3339(text);
  if (!instant) FAIL(instant.error().message());
  return *instant;
}

Due due(const Schedule& schedule, const History& history, Instant now) {
  auto decided = decide(schedule, history, now);
  if (!decided) FAIL(decided.error().message());
  return *std::move(decided);
}

const Schedule kBerlin{"02:30", "Europe/Berlin"};

// "date due, when the next": what stands in the tables below.
std::string told(const Due& due) {
  return due.date.value_or("nothing") + (due.unfinished ? " and unfinished" : "") + ", next " + rfc3339(due.next);
}

std::string berlin(std::string_view now, History history = {}) {
  return told(due(kBerlin, history, at(now)));
}

}  // namespace

TEST_CASE("a night is due from its wall-clock time on, until it is done") {
  const History yesterday{{"2026-11-21"}, ""};
  CHECK(berlin("2026-11-22T01:29:59.999Z", yesterday) == "nothing, next 2026-11-22T01:30:00Z");
  CHECK(berlin("2026-11-22T01:30:00Z", yesterday) == "2026-11-22, next 2026-11-23T01:30:00Z");
  CHECK(berlin("2026-11-22T22:59:59Z", yesterday) == "2026-11-22, next 2026-11-23T01:30:00Z");
  CHECK(berlin("2026-11-22T23:30:00Z", yesterday) == "2026-11-22, next 2026-11-23T01:30:00Z");  // past midnight
  CHECK(berlin("2026-11-22T01:30:00Z", {{"2026-11-22"}, ""}) == "nothing, next 2026-11-23T01:30:00Z");
}

TEST_CASE("a first start is due at once, with the latest night") {
  CHECK(berlin("2026-11-22T15:00:00Z") == "2026-11-22, next 2026-11-23T01:30:00Z");
  CHECK(berlin("2026-11-22T00:15:00Z") == "2026-11-21, next 2026-11-22T01:30:00Z");
}

TEST_CASE("after a week off only the latest night is run") {
  CHECK(berlin("2026-11-22T08:00:00Z", {{"2026-11-14"}, ""}) == "2026-11-22, next 2026-11-23T01:30:00Z");
  CHECK(berlin("2026-11-22T08:00:00Z", {{"2026-11-14", "2026-11-22"}, ""}) == "nothing, next 2026-11-23T01:30:00Z");
}

TEST_CASE("a run by hand makes its date done, even before its time, and the missed ones before it") {
  CHECK(berlin("2026-11-22T00:30:00Z", {{"2026-11-22"}, ""}) == "nothing, next 2026-11-23T01:30:00Z");
  CHECK(berlin("2026-11-22T01:30:00Z", {{"2026-11-22"}, ""}) == "nothing, next 2026-11-23T01:30:00Z");
}

TEST_CASE("a run that ended with 75 is due again at any wake-up") {
  CHECK(berlin("2026-11-22T01:00:00Z", {{"2026-11-20"}, "2026-11-21"}) ==
        "2026-11-21 and unfinished, next 2026-11-22T01:30:00Z");
  const Due waiting = due(kBerlin, {{"2026-11-21"}, "2026-11-20"}, at("2026-11-22T01:00:00Z"));
  CHECK_FALSE(waiting.date);
  CHECK(waiting.now());
}

TEST_CASE("the night of a clock change is neither lost nor doubled") {
  // Spring: 02:30 does not exist; the first instant after it is 03:00 CEST.
  CHECK(berlin("2027-03-28T00:59:59Z", {{"2027-03-27"}, ""}) == "nothing, next 2027-03-28T01:00:00Z");
  CHECK(berlin("2027-03-28T01:00:00Z", {{"2027-03-27"}, ""}) == "2027-03-28, next 2027-03-29T00:30:00Z");
  // Autumn: 02:30 comes twice.
  CHECK(berlin("2026-10-25T00:30:00Z", {{"2026-10-24"}, ""}) == "2026-10-25, next 2026-10-26T01:30:00Z");
  CHECK(berlin("2026-10-25T01:30:00Z", {{"2026-10-25"}, ""}) == "nothing, next 2026-10-26T01:30:00Z");
}

TEST_CASE("a gap that ends at midnight leaves the night to the first instant of the next date") {
  // Scoresbysund, 2027-03-27: 22:59:59 is followed by 00:00 of the 28th.
  const Schedule schedule{"23:30", "America/Scoresbysund"};
  const History history{{"2027-03-26"}, ""};
  const Due before = due(schedule, history, at("2027-03-27T12:00:00Z"));
  CHECK_FALSE(before.date);
  const Due after = due(schedule, history, before.next);
  CHECK(after.date == "2027-03-27");
}

TEST_CASE("a date that the zone leapt over has no night") {
  const Schedule schedule{"02:30", "Pacific/Apia"};
  const Due last = due(schedule, {{"2011-12-28"}, ""}, at("2011-12-29T20:00:00Z"));
  CHECK(last.date == "2011-12-29");
  CHECK(due(schedule, {{"2011-12-29"}, ""}, last.next).date == "2011-12-31");
}

TEST_CASE("a date of the future, completed by a wrong clock, does not silence the nights until then") {
  CHECK(berlin("2026-11-22T08:00:00Z", {{"2031-01-01"}, ""}) == "2026-11-22, next 2026-11-23T01:30:00Z");
}

TEST_CASE("a schedule that is none is refused") {
  CHECK(decide({"02:30", "Europe/Berln"}, {}, {}).error().kind() == ErrorKind::kInvalid);
  CHECK(decide({"2:30", "UTC"}, {}, {}).error().kind() == ErrorKind::kInvalid);
  CHECK(decide({"24:00", "UTC"}, {}, {}).error().kind() == ErrorKind::kInvalid);
}

TEST_CASE("over three years every date of the zone becomes due exactly once, in order, at its own time") {
  const auto [zone, time] = GENERATE(table<const char*, const char*>({{"Europe/Berlin", "02:30"},
                                                                      {"America/New_York", "02:30"},
                                                                      {"Australia/Lord_Howe", "02:15"},
                                                                      {"Asia/Beirut", "00:00"},
                                                                      {"Africa/Cairo", "00:30"},
                                                                      {"America/Scoresbysund", "23:45"},
                                                                      {"America/Havana", "00:00"},
                                                                      {"Asia/Kathmandu", "23:59"},
                                                                      {"UTC", "02:30"}}));
  CAPTURE(zone, time);
  const Schedule schedule{time, zone};
  const Instant end = at("2029-06-01T00:00:00Z");
  Instant now = at("2026-06-01T00:00:00Z");
  std::string expected = due(schedule, {}, now).date.value();
  History history{{expected}, ""};
  int nights = 0;
  while (now < end) {
    const Due idle = due(schedule, history, now);
    REQUIRE_FALSE(idle.date);  // what was done is not due again
    REQUIRE(idle.next > now);
    REQUIRE_FALSE(due(schedule, history, {idle.next.ms - 1}).date);  // not a moment early
    now = idle.next;
    const Due woken = due(schedule, history, now);
    expected = zone::next_date(expected);
    REQUIRE(woken.date == expected);
    history.completed_dates = {expected};  // one is as good as all, and quicker
    ++nights;
  }
  CHECK(nights >= 1095);
  CHECK(nights <= 1097);
}

TEST_CASE("whenever a machine happens to be awake, no date is run twice and none out of order") {
  std::mt19937_64 random(GENERATE(1, 2, 3));
  const Schedule schedule{"02:30", "Europe/Berlin"};
  std::uniform_int_distribution<std::int64_t> pause(1, std::int64_t{40} * 3'600'000);
  Instant now = at("2026-09-01T00:00:00Z");
  History history;
  std::string last;
  for (int wake = 0; wake < 1500; ++wake) {
    const Due woken = due(schedule, history, now);
    if (woken.date) {
      REQUIRE(*woken.date > last);
      REQUIRE(zone::next_date(*woken.date) >= zone::local_date(now, schedule.zone));  // the latest, not an old one
      last = *woken.date;
      history.completed_dates.push_back(last);
      if (history.completed_dates.size() > 30) history.completed_dates.erase(history.completed_dates.begin());
    }
    now.ms += pause(random);
  }
}
