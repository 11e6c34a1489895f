// How bad and how often: two axes that are printed as they are, and the reasons beside them. All weights
// are fixed and stand in README.md; more events or more users never lower a priority.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "plugins/sentry_review/judge/trend.hpp"
#include "plugins/sentry_review/read/records.hpp"

namespace daydream::sentry {

enum class Weight : std::uint8_t { kInfo, kLow, kMedium, kHigh, kCritical };
enum class Novelty : std::uint8_t { kRecurring, kQuiet, kReturned, kNew, kUndecided, kRegressed };

std::string_view name_of(Weight weight);

// 0: none or unknown, then 1, 2-9, 10-99, 100-999, 1000+.
int bin_of(std::int64_t number);
std::string_view bin_name(int bin);

struct Facts {
  std::string level;  // fatal, error, warning, info, debug, sample
  bool unhandled = false;
  std::string rule_class;  // of the suggestion that fits: "outage", "noise", ""
  std::int64_t events = 0, users = 0;
  bool events_known = true;
  Novelty novelty = Novelty::kRecurring;
  Trend trend;
};

struct Category {
  Weight severity = Weight::kMedium;
  int frequency = 0;  // bin
  int score = 0;
  int priority = 4;     // P0 is the worst
  std::string words;    // "P1: severity high, frequency 10-99"
  std::string reasons;  // "level error, unhandled; 42 events, 7 users; rising: ..."
};

Category categorise(const Facts& facts);

}  // namespace daydream::sentry
