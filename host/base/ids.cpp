#include "base/ids.hpp"

#include <date/date.h>

#include <charconv>

namespace daydream {

namespace {

// All of `digits` as a number; -1 where anything else is among them.
int number_of(std::string_view digits) {
  int value = 0;
  if (digits.empty() || digits.front() == '-') return -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc{} && end == digits.data() + digits.size() ? value : -1;
}

}  // namespace

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const int year = number_of(text.substr(0, 4));
  const int month = number_of(text.substr(5, 2));
  const int day = number_of(text.substr(8, 2));
  if (year < 1 || month < 1 || day < 1) return false;
  return (date::year{year} / static_cast<unsigned>(month) / static_cast<unsigned>(day)).ok();
}

std::string RunId::text() const {
  return sequence == 1 ? date : date + "_" + std::to_string(sequence);
}

std::optional<RunId> RunId::parse(std::string_view text) {
  if (text.size() < 10 || !is_date(text.substr(0, 10))) return std::nullopt;
  RunId id{std::string(text.substr(0, 10)), 1};
  if (text.size() == 10) return id;
  if (text[10] != '_' || text.size() < 12 || text[11] == '0') return std::nullopt;
  id.sequence = number_of(text.substr(11));
  if (id.sequence < 2) return std::nullopt;
  return id;
}

}  // namespace daydream
