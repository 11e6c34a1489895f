// The offsets of a time zone over the time that logs are of, as a plain value: a wall clock's reading becomes the
// instant that it meant, also where clocks are changed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace daydream::logs {

class ZoneRules {
 public:
  struct Span {
    std::int64_t from_ms = INT64_MIN;  // up to the next one's
    int minutes = 0;                   // east of UTC
  };
  ZoneRules() : ZoneRules(0) {}
  explicit ZoneRules(int minutes) : spans_{{INT64_MIN, minutes}} {}
  // REQUIRES: one span at least, the first from INT64_MIN, in order.
  explicit ZoneRules(std::vector<Span> spans) : spans_(std::move(spans)) {}
  // Of an IANA name, for the two years before `now_ms`; none where this machine does not know it. Reads the zone
  // files through the C library, with TZ changed meanwhile. REQUIRES: no other thread runs.
  static std::optional<ZoneRules> of_name(const std::string& name, std::int64_t now_ms);

  [[nodiscard]] int minutes_at(std::int64_t instant_ms) const;
  // The instant at which a clock showed `local_ms` (as if it were UTC). Where it showed that twice, the first
  // unless that lies before what was written last: logs go forward. Where clocks skipped it, as if they had not yet.
  // `last_ms`: of the line before, or INT64_MIN. `latest_ms`: nothing was written after it.
  [[nodiscard]] std::int64_t instant_of(std::int64_t local_ms, std::int64_t last_ms, std::int64_t latest_ms) const;

 private:
  std::vector<Span> spans_;
};

}  // namespace daydream::logs
