#include "broker/pace.hpp"

#include <array>
#include <charconv>

#include "daydream/kit/text.hpp"

namespace daydream::broker {
namespace {

std::optional<std::int64_t> number_of(std::string_view text) {
  text = text::trim(text);
  if (const std::size_t dot = text.find('.'); dot != text.npos && dot > 0) text = text.substr(0, dot);
  std::int64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || read.ec != std::errc() || read.ptr != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

std::string_view get(const Headers& headers, const char* name) {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

milliseconds seconds_to_wait(std::int64_t seconds) {
  constexpr std::int64_t kMost = 86'400;
  return milliseconds(std::clamp<std::int64_t>(seconds, 0, kMost) * 1000);
}

}  // namespace

TimePoint Pace::next(const Request& request) const {
  if (running_ >= request.concurrency) return TimePoint::max();
  return request.rate_per_second > 0 ? std::max(next_, hold_) : hold_;
}

void Pace::started(TimePoint now, const Request& request) {
  ++running_;
  if (request.rate_per_second <= 0) return;
  const auto between =
      std::chrono::duration_cast<SteadyClock::duration>(std::chrono::duration<double>(1.0 / request.rate_per_second));
  next_ = std::max(now, next_) + between;
}

std::optional<std::int64_t> parse_http_date(std::string_view text) {
  const auto parts = text::split(text::trim(text), ' ');
  if (parts.size() != 6 || parts[5] != "GMT" || parts[4].size() != 8) return std::nullopt;
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto month = std::find(kMonths.begin(), kMonths.end(), parts[2]);
  const auto day = number_of(parts[1]);
  const auto year = number_of(parts[3]);
  const auto hour = number_of(parts[4].substr(0, 2));
  const auto minute = number_of(parts[4].substr(3, 2));
  const auto second = number_of(parts[4].substr(6, 2));
  if (month == kMonths.end() || !day || !year || !hour || !minute || !second || *year > 9999) return std::nullopt;
  using namespace std::chrono;
  const year_month_day date{std::chrono::year(static_cast<int>(*year)),
                            std::chrono::month(static_cast<unsigned>(month - kMonths.begin()) + 1),
                            std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return sys_seconds(sys_days(date)).time_since_epoch().count() + *hour * 3600 + *minute * 60 + *second;
}

std::optional<milliseconds> wanted_wait(int status, const Headers& headers, std::int64_t our_unix_seconds) {
  const std::int64_t now = parse_http_date(get(headers, "date")).value_or(our_unix_seconds);
  std::optional<milliseconds> wait;
  const std::string_view after = get(headers, "retry-after");
  if (status >= 300 && !after.empty()) {
    if (const auto seconds = number_of(after))
      wait = seconds_to_wait(*seconds);
    else if (const auto date = parse_http_date(after))
      wait = seconds_to_wait(*date - now);
  }
  const auto remaining = number_of(get(headers, "x-sentry-rate-limit-remaining"));
  const auto reset = number_of(get(headers, "x-sentry-rate-limit-reset"));
  if (reset && (status == 429 || (remaining && *remaining == 0)))
    wait = std::max(wait.value_or(milliseconds(0)), seconds_to_wait(*reset - now));
  return wait;
}

bool retry_status(int status) {
  constexpr std::array<int, 13> kPassing = {408, 425, 429, 500, 502, 503, 504, 507, 520, 522, 523, 524, 529};
  return std::find(kPassing.begin(), kPassing.end(), status) != kPassing.end();
}

milliseconds back_off(milliseconds first, int attempt, double jitter) {
  const auto full = std::min<std::int64_t>(first.count() << std::min(attempt - 1, 16), kLongestWait.count());
  return milliseconds(static_cast<std::int64_t>(static_cast<double>(full) * (0.5 + jitter / 2)));
}

}  // namespace daydream::broker
