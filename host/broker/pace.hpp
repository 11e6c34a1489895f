// Politeness to one host, and what a server's answer says about when to come again. Pure: time is given.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "broker/request.hpp"

namespace daydream::broker {

using SteadyClock = std::chrono::steady_clock;
using TimePoint = SteadyClock::time_point;
using Headers = std::map<std::string, std::string>;  // lower-case name -> value, repeated ones joined by ", "

constexpr milliseconds kLongestWait{60'000};

class Pace {
 public:
  // The earliest moment for one more request; TimePoint::max() while as many run as may.
  [[nodiscard]] TimePoint next(const Request& request) const;
  void started(TimePoint now, const Request& request);
  void ended() { --running_; }
  // Nothing begins before `until`.
  void hold(TimePoint until) { hold_ = std::max(hold_, until); }
  [[nodiscard]] bool idle() const { return running_ == 0; }

 private:
  int running_ = 0;
  TimePoint next_{}, hold_{};
};

// "Sun, 06 Nov 1994 08:49:37 GMT" -> Unix seconds.
std::optional<std::int64_t> parse_http_date(std::string_view text);
// How long the server asks us to stay away: Retry-After (seconds or a date), X-Sentry-Rate-Limit-Reset where
// nothing remains. Dates count from the server's own Date, so that a skewed clock does no harm.
std::optional<milliseconds> wanted_wait(int status, const Headers& headers, std::int64_t our_unix_seconds);
// May succeed when asked again.
bool retry_status(int status);
// Before try number `attempt` + 1; `jitter` from 0 to 1.
milliseconds back_off(milliseconds first, int attempt, double jitter);

}  // namespace daydream::broker
