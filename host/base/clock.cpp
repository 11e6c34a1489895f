#include "base/clock.hpp"

#include <date/date.h>

#include <cstdio>

namespace daydream {

namespace {

constexpr std::string_view kExpected = "expected a time as 2026-11-22T02:30:04Z or 2026-11-22T03:30:04+01:00";

Error bad_time(std::string_view text) {
  return {ErrorKind::kInvalid, "\"" + std::string(text.substr(0, 60)) + "\": " + std::string(kExpected)};
}

// Takes digits and fixed characters from the front of a text; once something is wrong, all is.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}
  int digits(std::size_t count) {
    int value = 0;
    if (rest_.size() < count) good_ = false;
    for (std::size_t i = 0; good_ && i < count; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') good_ = false;
      value = value * 10 + (rest_[i] - '0');
    }
    if (good_) rest_.remove_prefix(count);
    return good_ ? value : 0;
  }
  bool take(std::string_view any_of) {
    if (!good_ || rest_.empty() || any_of.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void need(std::string_view any_of) { good_ = take(any_of) && good_; }
  // Milliseconds of the digits behind a point; those behind the third are dropped.
  int fraction() {
    int value = 0;
    int scale = 100;
    std::size_t count = 0;
    for (; good_ && !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; ++count, scale /= 10) {
      value += (rest_.front() - '0') * scale;
      rest_.remove_prefix(1);
    }
    if (count == 0) good_ = false;
    return value;
  }
  [[nodiscard]] char front() const { return rest_.empty() ? '\0' : rest_.front(); }
  [[nodiscard]] bool complete() const { return good_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

// Minutes east of UTC.
int read_offset(Reader& reader, bool& in_range) {
  if (reader.take("Zz")) return 0;
  const int sign = reader.front() == '-' ? -1 : 1;
  reader.need("+-");
  const int hours = reader.digits(2);
  reader.need(":");
  const int minutes = reader.digits(2);
  in_range = hours <= 23 && minutes <= 59;
  return sign * (hours * 60 + minutes);
}

}  // namespace

std::string rfc3339(Instant instant, bool fraction) {
  const date::sys_time<Milliseconds> time{Milliseconds(instant.ms)};
  return fraction ? date::format("%FT%TZ", time) : date::format("%FT%TZ", date::floor<std::chrono::seconds>(time));
}

Result<Instant> parse_rfc3339(std::string_view text) {
  Reader reader(text);
  const int year = reader.digits(4);
  reader.need("-");
  const int month = reader.digits(2);
  reader.need("-");
  const int day = reader.digits(2);
  reader.need("Tt ");
  const int hour = reader.digits(2);
  reader.need(":");
  const int minute = reader.digits(2);
  reader.need(":");
  const int second = reader.digits(2);
  const int milliseconds = reader.take(".") ? reader.fraction() : 0;
  bool offset_in_range = true;
  const int offset = read_offset(reader, offset_in_range);
  const auto date = date::year{year} / static_cast<unsigned>(month) / static_cast<unsigned>(day);
  // 60 is a leap second: Unix time has none, it is the first second of the next minute.
  if (!reader.complete() || !date.ok() || hour > 23 || minute > 59 || second > 60 || !offset_in_range) {
    return bad_time(text);
  }
  const auto time = date::sys_days{date} + std::chrono::hours(hour) + std::chrono::minutes(minute - offset) +
                    std::chrono::seconds(second) + Milliseconds(milliseconds);
  return Instant{time.time_since_epoch().count()};
}

std::string human_duration(Milliseconds duration) {
  const std::int64_t ms = duration.count() < 0 ? 0 : duration.count();
  char buffer[64];
  if (ms < 1000) {
    std::snprintf(buffer, sizeof buffer, "%lld ms", static_cast<long long>(ms));
  } else if (ms < 59'950) {
    std::snprintf(buffer, sizeof buffer, "%lld.%lld s", static_cast<long long>((ms + 50) / 1000),
                  static_cast<long long>((ms + 50) / 100 % 10));
  } else if (const std::int64_t seconds = (ms + 500) / 1000; seconds < 3600) {
    std::snprintf(buffer, sizeof buffer, "%lld min %02lld s", static_cast<long long>(seconds / 60),
                  static_cast<long long>(seconds % 60));
  } else {
    const std::int64_t minutes = (ms + 30'000) / 60'000;
    std::snprintf(buffer, sizeof buffer, "%lld h %02lld min", static_cast<long long>(minutes / 60),
                  static_cast<long long>(minutes % 60));
  }
  return buffer;
}

Instant SystemClock::now() const {
  if (frozen_) return *frozen_;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<Milliseconds>(now).count()};
}

Milliseconds SystemClock::monotonic() const {
  return std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace daydream
