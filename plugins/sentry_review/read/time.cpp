#include "plugins/sentry_review/read/time.hpp"

#include <array>
#include <chrono>
#include <cstdio>

namespace daydream::sentry {
namespace {

// Takes `count` digits off the front; -1 where they are not there.
int take_number(std::string_view& text, std::size_t count) {
  if (text.size() < count) return -1;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

// ".403", ".403000" -> 403.
int take_fraction(std::string_view& text) {
  if (!take(text, '.')) return 0;
  int value = 0;
  int scale = 100;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    value += (text.front() - '0') * scale;
    scale /= 10;
    text.remove_prefix(1);
  }
  return value;
}

// Minutes east of UTC of "Z", "", "+02:00", "-0530"; false for anything else.
bool take_offset(std::string_view text, int& minutes) {
  minutes = 0;
  if (text.empty() || text == "Z" || text == "z") return true;
  const int sign = text.front() == '-' ? -1 : 1;
  if (text.front() != '+' && text.front() != '-') return false;
  text.remove_prefix(1);
  const int hours = take_number(text, 2);
  take(text, ':');
  const int rest = text.empty() ? 0 : take_number(text, 2);
  if (hours < 0 || hours > 23 || rest < 0 || rest > 59 || !text.empty()) return false;
  minutes = sign * (hours * 60 + rest);
  return true;
}

}  // namespace

Millis parse_time(std::string_view text) {
  const int year = take_number(text, 4);
  if (year < 1970 || !take(text, '-')) return 0;
  const int month = take_number(text, 2);
  if (!take(text, '-')) return 0;
  const int day = take_number(text, 2);
  if (!take(text, 'T') && !take(text, ' ')) return 0;
  const int hour = take_number(text, 2);
  if (!take(text, ':')) return 0;
  const int minute = take_number(text, 2);
  const int second = take(text, ':') ? take_number(text, 2) : 0;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return 0;
  const int millis = take_fraction(text);
  int east = 0;
  if (!take_offset(text, east)) return 0;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (month < 1 || day < 1 || !date.ok()) return 0;
  const Millis days = std::chrono::sys_days(date).time_since_epoch().count();
  return (((days * 24 + hour) * 60 + minute - east) * 60 + second) * 1000 + millis;
}

std::string format_time(Millis when) {
  const std::chrono::sys_time<std::chrono::milliseconds> instant{std::chrono::milliseconds(when)};
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(instant - day));
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text.data();
}

}  // namespace daydream::sentry
