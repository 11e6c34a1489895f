#include "plugins/log_review/night/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace daydream::logs {
namespace {

constexpr double kFalseAlarms = .01;
constexpr double kRatio = 2, kFewest = 5;

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double median_of(std::vector<double> values) {
  if (values.empty()) return .1;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double dispersion_of(const std::vector<double>& values) {
  const double mean = mean_of(values);
  if (mean <= 0 || values.size() < 2) return 0;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const double variance = squares / static_cast<double>(values.size() - 1);
  return std::clamp((variance - mean) / (mean * mean), 0.0, 4.0);
}

// Of each weekday against the mean of all nights, drawn towards 1.
std::vector<double> weekday_factors(const std::vector<Series>& series, const std::vector<int>& weekdays) {
  const std::size_t nights = weekdays.empty() ? 0 : weekdays.size() - 1;
  std::vector<double> totals(nights, 0);
  for (const Series& one : series) {
    const std::size_t missing = nights - std::min(nights, one.history.size());
    const double mean = one.history.empty() ? 0 : mean_of(one.history);
    for (std::size_t i = missing; i < nights && mean >= 1; ++i) totals[i] += one.history[i - missing] / mean;
  }
  std::vector<double> factors(7, 1);
  if (nights < 14) return factors;  // no weekday was seen twice
  const double all = std::max(mean_of(totals), 1e-9);
  for (int day = 0; day < 7; ++day) {
    double sum = 2 * all, count = 2;
    for (std::size_t i = 0; i < nights; ++i) {
      if (weekdays[i] != day) continue;
      sum += totals[i];
      ++count;
    }
    factors[static_cast<std::size_t>(day)] = sum / (count * all);
  }
  return factors;
}

double log_mass(double count, double mean, double dispersion) {
  const double size = 1 / dispersion;
  return std::lgamma(count + size) - std::lgamma(size) - std::lgamma(count + 1) +
         size * std::log(size / (size + mean)) + count * std::log(mean / (size + mean));
}

// P(X <= count), summed towards the nearer end; far out by the normal law of the square root.
double below(double count, double mean, double dispersion) {
  if (count < 0) return 0;
  if (mean <= 0) return 1;
  if (count > 20'000) {
    const double deviation = std::sqrt(mean + dispersion * mean * mean);
    return .5 * std::erfc((mean - count - .5) / (deviation * std::sqrt(2.0)));
  }
  double sum = 0;
  for (double k = 0; k <= count; ++k) sum += std::exp(log_mass(k, mean, dispersion));
  return std::min(sum, 1.0);
}

struct Tested {
  std::size_t series = 0;
  double mean = 0, dispersion = 0, p = 1;
};

double quantile(double mean, double dispersion, double share) {
  double low = -1, high = std::max(16.0, mean * 64 + 64);
  while (high - low > 1) {
    const double middle = std::floor((low + high) / 2);
    (below(middle, mean, dispersion) >= share ? high : low) = middle;
  }
  return high;
}

}  // namespace

double chance_of_at_most(double count, double mean, double dispersion) {
  return below(std::floor(count), mean, std::max(dispersion, 1e-6));
}

double chance_of_at_least(double count, double mean, double dispersion) {
  dispersion = std::max(dispersion, 1e-6);
  count = std::ceil(count);
  if (count <= 0) return 1;
  if (mean <= 0) return 0;
  if (count > 20'000 || count <= mean) return std::max(0.0, 1 - below(count - 1, mean, dispersion));
  double sum = 0;  // the far end, summed by itself: 1 - below() would lose it
  for (double k = count; k < count + 100'000; ++k) {
    const double mass = std::exp(log_mass(k, mean, dispersion));
    sum += mass;
    if (mass < sum * 1e-12 || mass < 1e-300) break;
  }
  return std::min(sum, 1.0);
}

std::vector<Unusual> unusual(const std::vector<Series>& series, const std::vector<int>& weekdays) {
  const std::vector<double> factors = weekday_factors(series, weekdays);
  const double tonight = weekdays.empty() ? 1 : factors[static_cast<std::size_t>(weekdays.back())];
  std::vector<Tested> tested;
  std::vector<double> dispersions;
  for (std::size_t i = 0; i < series.size(); ++i) {
    const std::size_t nights = series[i].history.size();
    if (nights < kNightsNeeded || nights + 1 > weekdays.size()) continue;
    std::vector<double> levelled;
    for (std::size_t k = 0; k < nights; ++k) {
      const int day = weekdays[weekdays.size() - 1 - nights + k];
      levelled.push_back(series[i].history[k] / factors[static_cast<std::size_t>(day)]);
    }
    const double mean = mean_of(levelled) * tonight;
    if (mean >= 1) dispersions.push_back(dispersion_of(levelled));
    tested.push_back({i, mean, dispersion_of(levelled), 1});
  }
  const double usual = median_of(dispersions);
  for (Tested& one : tested) {
    const auto nights = static_cast<double>(series[one.series].history.size());
    one.mean = std::max(one.mean, .5 / nights);
    one.dispersion = std::max((one.dispersion * nights + usual * 10) / (nights + 10), .02);
    one.dispersion += (one.dispersion + 1 / one.mean) / nights;  // the mean itself is only estimated
    const double today = series[one.series].today;
    one.p = 2 * (today > one.mean ? chance_of_at_least(today, one.mean, one.dispersion)
                                  : chance_of_at_most(today, one.mean, one.dispersion));
  }
  std::sort(tested.begin(), tested.end(), [](const Tested& left, const Tested& right) {
    return left.p != right.p ? left.p < right.p : left.series < right.series;
  });
  std::vector<Unusual> found;
  double q = 1;
  for (std::size_t i = tested.size(); i-- > 0;) {
    const Tested& one = tested[i];
    q = std::min(q, one.p * static_cast<double>(tested.size()) / static_cast<double>(i + 1));
    if (q > kFalseAlarms) continue;
    const double today = series[one.series].today;
    const bool rose = today >= kRatio * one.mean && today >= kFewest;
    const bool fell = today * kRatio <= one.mean && one.mean >= kFewest;
    if (!rose && !fell) continue;
    found.push_back(
        {one.series, one.mean, quantile(one.mean, one.dispersion, .05), quantile(one.mean, one.dispersion, .95), q});
  }
  std::reverse(found.begin(), found.end());
  return found;
}

}  // namespace daydream::logs
