// Time enters here, so that tests and --now can replace it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daydream/kit/result.hpp"

namespace daydream {

using Milliseconds = std::chrono::milliseconds;
struct Instant {  // Unix milliseconds, UTC
  std::int64_t ms = 0;
  auto operator<=>(const Instant&) const = default;  // NOLINT(modernize-use-nullptr): clang-tidy 14 is wrong
};

// "2026-11-22T02:30:04Z"; with milliseconds when `fraction`.
std::string rfc3339(Instant instant, bool fraction = false);
// RFC 3339 with any offset; kInvalid with the expectation.
Result<Instant> parse_rfc3339(std::string_view text);
std::string human_duration(Milliseconds duration);  // "1 h 02 min", "3.4 s"

class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Instant now() const = 0;             // wall time
  [[nodiscard]] virtual Milliseconds monotonic() const = 0;  // for time-outs
};

class SystemClock final : public Clock {
 public:
  // `frozen`: wall time stands still (--now).
  explicit SystemClock(std::optional<Instant> frozen = std::nullopt) : frozen_(frozen) {}
  [[nodiscard]] Instant now() const override;
  [[nodiscard]] Milliseconds monotonic() const override;

 private:
  std::optional<Instant> frozen_;
};

}  // namespace daydream
