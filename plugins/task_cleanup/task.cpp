#include "plugins/task_cleanup/task.hpp"

#include <charconv>
#include <cstdio>
#include <map>

#include "daydream/kit/hash.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::tasks {
namespace {

constexpr std::size_t kIdDigits = 12;

std::string words_of(const Task& task) {
  return text::to_lower_ascii(text::collapse_space(task.text));
}

}  // namespace

// Howard Hinnant's day counts, on the proleptic calendar.
std::optional<std::int64_t> day_of(std::string_view date) {
  if (date.size() != 10 || date[4] != '-' || date[7] != '-') return std::nullopt;
  int year = 0;
  int month = 0;
  int day = 0;
  const char* at = date.data();
  const bool read = std::from_chars(at, at + 4, year).ptr == at + 4 &&
                    std::from_chars(at + 5, at + 7, month).ptr == at + 7 &&
                    std::from_chars(at + 8, at + 10, day).ptr == at + 10;
  if (!read || year < 1 || month < 1 || month > 12 || day < 1) return std::nullopt;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  const int lengths[] = {31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (day > lengths[month - 1]) return std::nullopt;
  const int shifted = month <= 2 ? year - 1 : year;
  const int era = shifted / 400;
  const int of_era = shifted - era * 400;
  const int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return static_cast<std::int64_t>(era) * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

std::string date_of(std::int64_t day) {
  const std::int64_t shifted = day + 719468;
  const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  const std::int64_t of_era = shifted - era * 146097;
  const std::int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const std::int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_of = (5 * of_year + 2) / 153;
  const std::int64_t day_of_month = of_year - (153 * month_of + 2) / 5 + 1;
  const std::int64_t month = month_of < 10 ? month_of + 3 : month_of - 9;
  char out[72];
  std::snprintf(out, sizeof out, "%04lld-%02lld-%02lld",
                static_cast<long long>(year_of_era + era * 400 + (month <= 2 ? 1 : 0)), static_cast<long long>(month),
                static_cast<long long>(day_of_month));
  return out;
}

void name_tasks(List& list) {
  std::map<std::string, int> twins;
  for (Task& task : list.tasks) {
    const std::string above = task.parent == kNoTask ? std::string() : list.tasks[task.parent].id;
    const std::string words = words_of(task) + '\0' + above;
    const int number = ++twins[words];
    task.id = hash::sha256_hex(words + '\0' + std::to_string(number)).substr(0, kIdDigits);
  }
}

}  // namespace daydream::tasks
