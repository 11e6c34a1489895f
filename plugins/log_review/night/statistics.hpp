// Which counts of tonight are out of the ordinary. Counts of log patterns scatter more than Poisson allows and
// follow the week; thousands are tested each night. So: negative binomial with a dispersion drawn towards that of
// all, a factor for the weekday, Benjamini-Hochberg over the whole night at 1 %, and a change of twice at least.
// Pure. [any thread]
#pragma once

#include <cstddef>
#include <vector>

namespace daydream::logs {

struct Series {
  std::vector<double> history;  // counts of earlier nights, oldest first; 0 where it was not seen
  double today = 0;
};

struct Unusual {
  std::size_t series = 0;                  // index
  double expected = 0, low = 0, high = 0;  // of tonight, and its 90 % range
  double q = 1;                            // share of false alarms among all that are at least as clear
};

constexpr std::size_t kNightsNeeded = 7;

// `weekdays`: of the nights of the history (0-6), the last is tonight's. Series with fewer than kNightsNeeded nights
// are left out. By q.
std::vector<Unusual> unusual(const std::vector<Series>& series, const std::vector<int>& weekdays);

// P(X >= count) and P(X <= count) of a negative binomial: mean, and variance = mean + dispersion * mean^2.
double chance_of_at_least(double count, double mean, double dispersion);
double chance_of_at_most(double count, double mean, double dispersion);

}  // namespace daydream::logs
