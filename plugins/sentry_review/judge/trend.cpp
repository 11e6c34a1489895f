#include "plugins/sentry_review/judge/trend.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

namespace daydream::sentry {
namespace {

constexpr std::size_t kWeek = 7;
constexpr std::size_t kEnough = 3;  // nights, before a word about a trend
constexpr double kFewEvents = 10;   // below that nothing escalates
constexpr double kDeviations = 3;   // of a Poisson count

double mean_of(const std::vector<double>& numbers) {
  if (numbers.empty()) return 0;
  return std::accumulate(numbers.begin(), numbers.end(), 0.0) / static_cast<double>(numbers.size());
}

double deviation_of(const std::vector<double>& numbers, double mean) {
  double sum = 0;
  for (const double number : numbers) sum += (number - mean) * (number - mean);
  return numbers.empty() ? 0 : std::sqrt(sum / static_cast<double>(numbers.size()));
}

std::string rounded(double number) {
  char text[48];
  std::snprintf(text, sizeof text, number < 10 ? "%.1f" : "%.0f", number);
  return text;
}

}  // namespace

double escalation_limit(const std::vector<double>& history) {
  if (history.empty()) return 0;
  const double most = *std::max_element(history.begin(), history.end());
  if (history.size() < kWeek) return 10 * most;
  const double average = mean_of(history);
  if (average <= 0) return 10 * std::max(most, 1.0);
  const double deviation = deviation_of(history, average);
  const std::vector<double> week(history.end() - kWeek, history.end());
  const double spread = std::min(std::max((average + 5 * deviation) / average, 5.0), 8.0);
  const double bursty = std::min(std::max(2.0, 5 * std::exp(-0.65 * deviation / average)), 5.0);
  return std::max(mean_of(week) + spread * average, most * bursty);
}

Trend trend_of(std::int64_t count, const std::vector<double>& history, bool server_says) {
  Trend trend;
  if (server_says) {
    trend.kind = Trend::Kind::kEscalating;
    trend.words = "escalating, says the server";
    return trend;
  }
  if (history.size() < kEnough) return trend;
  const auto now = static_cast<double>(count);
  const double mean = mean_of(history);
  const std::string against =
      " against a mean of " + rounded(mean) + " in " + std::to_string(history.size()) + " nights";
  if (now >= kFewEvents && now > escalation_limit(history)) {
    trend.kind = Trend::Kind::kEscalating;
    trend.words = "escalating: " + std::to_string(count) + against;
    return trend;
  }
  const double band = kDeviations * std::sqrt(std::max(mean, 1.0));
  trend.kind = now > mean + band   ? Trend::Kind::kRising
               : now < mean - band ? Trend::Kind::kFalling
                                   : Trend::Kind::kSteady;
  const char* word = trend.kind == Trend::Kind::kRising    ? "rising"
                     : trend.kind == Trend::Kind::kFalling ? "falling"
                                                           : "steady";
  trend.words = word + (": " + std::to_string(count)) + against;
  return trend;
}

}  // namespace daydream::sentry
