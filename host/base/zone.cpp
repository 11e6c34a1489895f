#include "base/zone.hpp"

#include <date/tz.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <vector>

#include "base/ids.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::zone {

namespace {

// nullptr where the database has no such name, or there is no database.
const date::time_zone* find_zone(std::string_view name) {
  try {
    return date::locate_zone(name);
  } catch (const std::exception&) {
    return nullptr;
  }
}

// Known without the database: a machine that runs at night mostly has it, and listing all zones takes longer than
// the rest of a start.
bool is_utc(std::string_view name) {
  return name == "UTC" || name == "Etc/UTC";
}

bool is_known(std::string_view name) {
  return is_utc(name) || find_zone(name) != nullptr;
}

date::sys_info utc() {
  return {date::sys_days::min(), date::sys_days::max(), std::chrono::seconds(0), std::chrono::minutes(0), "UTC"};
}

const std::string& zone_of_machine() {
  static const std::string name = machine_zone();
  return name;
}

// get_info() of a zone that was checked, "" = the machine's; `time` is a sys_time or a local_time.
template <class Time>
auto info_of(std::string_view name, Time time) {
  if (name.empty()) name = zone_of_machine();
  constexpr bool kLocal = std::is_same_v<typename Time::clock, date::local_t>;
  if (is_utc(name)) {
    if constexpr (kLocal)
      return date::local_info{date::local_info::unique, utc(), {}};
    else
      return utc();
  }
  const date::time_zone* zone = find_zone(name);
  contract(zone != nullptr, "a time zone that was not checked");
  return zone->get_info(time);
}

date::sys_time<Milliseconds> time_of(Instant instant) {
  return date::sys_time<Milliseconds>{Milliseconds(instant.ms)};
}

constexpr date::year kLastListed{2036};

// The library reads the transitions listed in the zoneinfo files, which end with 2037, and not the rule for
// the time after. That rule goes by weekdays, so a later year is looked up as one before with the same
// calendar: this many days earlier.
date::days shift_of(date::year year) {
  if (year <= kLastListed) return date::days(0);
  const date::sys_days first{year / 1 / 1};
  for (date::year like = kLastListed;; --like) {  // every calendar comes once in 28 years
    const date::sys_days like_first{like / 1 / 1};
    if (like.is_leap() == year.is_leap() && date::weekday{like_first} == date::weekday{first})
      return first - like_first;
  }
}

date::days shift_of(date::sys_time<Milliseconds> time) {
  return shift_of(date::year_month_day{date::floor<date::days>(time)}.year());
}

int two_digits(std::string_view text, std::size_t at) {
  return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

date::year_month_day day_of(std::string_view date) {
  contract(is_date(date), "a date that was not checked");
  return date::year{two_digits(date, 0) * 100 + two_digits(date, 2)} / static_cast<unsigned>(two_digits(date, 5)) /
         static_cast<unsigned>(two_digits(date, 8));
}

bool is_time(std::string_view time) {
  if (time.size() != 5 || time[2] != ':') return false;
  for (const std::size_t at : {0U, 1U, 3U, 4U}) {
    if (time[at] < '0' || time[at] > '9') return false;
  }
  return two_digits(time, 0) <= 23 && two_digits(time, 3) <= 59;
}

std::string day_beside(std::string_view date, int days) {
  return date::format("%F", date::sys_days{day_of(date)} + date::days(days));
}

// What TZ or the system says, when it is a name of the database.
std::string configured_zone() {
  if (const char* variable = std::getenv("TZ"); variable != nullptr && *variable != '\0') {
    std::string_view name = variable;
    if (name.starts_with(':')) name.remove_prefix(1);
    return std::string(name);
  }
  std::error_code none;
  const std::string link = std::filesystem::read_symlink("/etc/localtime", none).string();
  for (const char* name : {"UTC", "Etc/UTC"}) {
    if (link.ends_with(std::string("/zoneinfo/") + name)) return name;
  }
  try {
    return date::current_zone()->name();
  } catch (const std::exception&) {
    return "";
  }
}

}  // namespace

std::string machine_zone() {
  std::string name = configured_zone();
  return !name.empty() && is_known(name) ? name : "UTC";
}

Result<void> check(std::string_view zone) {
  if (zone.empty() || is_known(zone)) return {};
  std::vector<std::string> known;
  try {
    for (const auto& entry : date::get_tzdb().zones) known.push_back(entry.name());
  } catch (const std::exception&) {
    return Error(ErrorKind::kUnsupported, "this machine has no time zone database (package tzdata)");
  }
  std::string message = "no time zone \"" + text::escape_terminal(text::shorten(zone, 100)) + "\"";
  const std::string near = text::nearest(zone, known);
  message += near.empty() ? "; expected a name as \"Europe/Berlin\"" : "; did you mean \"" + near + "\"?";
  return Error(ErrorKind::kInvalid, std::move(message));
}

std::string local_date(Instant instant, std::string_view zone) {
  const auto time = time_of(instant);
  const date::days shift = shift_of(time);
  return date::format("%F", time + info_of(zone, time - shift).offset);
}

std::string local_time(Instant instant, std::string_view zone) {
  const auto time = date::floor<std::chrono::seconds>(time_of(instant));
  const date::days shift = shift_of(time);
  const date::sys_info info = info_of(zone, time - shift);
  return date::format("%F %R ", time + info.offset) + info.abbrev;
}

Result<Instant> first_instant(std::string_view date, std::string_view time, std::string_view zone) {
  if (!is_date(date)) return Error(ErrorKind::kInvalid, "\"" + std::string(date) + "\": expected a date as 2026-11-22");
  if (!is_time(time)) return Error(ErrorKind::kInvalid, "\"" + std::string(time) + "\": expected a time as 02:30");
  const auto local = date::local_days{day_of(date)} + std::chrono::hours(two_digits(time, 0)) +
                     std::chrono::minutes(two_digits(time, 3));
  const date::days shift = shift_of(day_of(date).year());
  const date::local_info info = info_of(zone, local - shift);
  auto instant = date::sys_seconds{local.time_since_epoch()} - info.first.offset;
  if (info.result == date::local_info::nonexistent) instant = info.first.end + shift;  // the transition itself
  return Instant{std::chrono::duration_cast<Milliseconds>(instant.time_since_epoch()).count()};
}

std::string next_date(std::string_view date) {
  return day_beside(date, 1);
}
std::string previous_date(std::string_view date) {
  return day_beside(date, -1);
}

}  // namespace daydream::zone
