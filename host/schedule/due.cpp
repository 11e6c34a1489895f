#include "schedule/due.hpp"

#include <algorithm>

#include "base/ids.hpp"
#include "base/zone.hpp"

namespace daydream::schedule {

namespace {

// One schedule whose zone and time were checked.
class Calendar {
 public:
  explicit Calendar(const Schedule& schedule) : schedule_(schedule) {}
  [[nodiscard]] Instant due_at(const std::string& date) const {
    auto instant = zone::first_instant(date, schedule_.at, schedule_.zone);
    contract(instant.ok(), "a schedule that was not checked");
    return *instant;
  }
  // False where the zone leapt over it, as Samoa did over 2011-12-30.
  [[nodiscard]] bool exists(const std::string& date) const {
    auto start = zone::first_instant(date, "00:00", schedule_.zone);
    return start && zone::local_date(*start, schedule_.zone) == date;
  }
  [[nodiscard]] std::string today(Instant now) const { return zone::local_date(now, schedule_.zone); }

 private:
  const Schedule& schedule_;
};

// The latest date that has become due. From tomorrow down: where a clock is set back over midnight, the
// date that had begun counts as begun.
std::string latest(const Calendar& calendar, Instant now) {
  std::string date = zone::next_date(calendar.today(now));
  while (!calendar.exists(date) || calendar.due_at(date) > now) date = zone::previous_date(date);
  return date;
}

}  // namespace

Result<Due> decide(const Schedule& schedule, const History& history, Instant now) {
  if (auto checked = zone::check(schedule.zone); !checked) return std::move(checked.error());
  const auto probe = zone::first_instant("2026-01-01", schedule.at, schedule.zone);
  if (!probe) return Error(probe.error());
  const Calendar calendar(schedule);
  const std::string date = latest(calendar, now);
  // A date of the future was completed by a clock that was wrong: it must not silence the nights until then.
  const std::string horizon = zone::next_date(calendar.today(now));
  const auto done = [&](const std::string& from) {
    return std::ranges::any_of(history.completed_dates, [&](const std::string& completed) {
      return is_date(completed) && completed >= from && completed <= horizon;
    });
  };
  Due due;
  if (!done(date)) due.date = date;
  due.unfinished = !history.unfinished_date.empty();
  std::string following = zone::next_date(date);
  while (!calendar.exists(following) || done(following)) following = zone::next_date(following);
  due.next = calendar.due_at(following);
  return due;
}

}  // namespace daydream::schedule
