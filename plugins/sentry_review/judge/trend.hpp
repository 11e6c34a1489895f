// Tonight's count against the nights before, and what is unusual about it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace daydream::sentry {

struct Trend {
  enum class Kind : std::uint8_t { kUnknown, kFalling, kSteady, kRising, kEscalating };
  Kind kind = Kind::kUnknown;
  std::string words = "no history yet";
  // Never falls when tonight's count grows.
  [[nodiscard]] int points() const { return kind == Kind::kEscalating ? 2 : kind == Kind::kRising ? 1 : 0; }
};

// `history`: counts of the nights before, oldest first, at most 14, scaled to the length of tonight's window.
// `server_says`: the server itself calls the issue escalating.
Trend trend_of(std::int64_t count, const std::vector<double>& history, bool server_says);

// The count above which Sentry's published formula calls an issue escalating.
double escalation_limit(const std::vector<double>& history);

}  // namespace daydream::sentry
