// What is done about messages that never come twice: dumps, random words, encoded bytes. Where they fill the table,
// those of their severity are no longer let in at first sight; they are counted in one pattern of that severity that
// says so. What comes again is let in and has a pattern of its own as ever. One thread an object.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/log_review/format/severity.hpp"

namespace daydream::logs {

class Flood {
 public:
  [[nodiscard]] bool any() const { return !seen_.empty(); }
  [[nodiscard]] bool holds(Severity severity) const { return needed_[static_cast<std::size_t>(severity)] > 0; }
  // From now on a message of that severity must be seen twice as often as before.
  void rise(Severity severity);
  // True for a message that is not let in: too few of it were seen lately.
  bool keeps_out(std::uint64_t hash, Severity severity);
  // What is seen is part of a checkpoint: a resumed night goes on as the first would have.
  [[nodiscard]] std::string to_bytes() const;
  static Flood from_bytes(std::string_view bytes);

 private:
  static constexpr std::size_t kSeen = 4096;
  static constexpr std::uint32_t kMostNeeded = 64;
  struct Seen {
    std::uint64_t hash = 0;
    std::uint32_t times = 0;
  };
  std::array<std::uint32_t, kSeverities> needed_{};  // sightings; 0 = there is no flood
  std::vector<Seen> seen_;                           // the last of each place
};

// The pattern of what was kept out, as text and as shape_text(): one token.
std::string varied_text(Severity severity);
std::string varied_shape(Severity severity);
// The text, or the shape, is one of those.
bool is_varied(std::string_view text);
// The severity such a text names. REQUIRES: is_varied(text).
Severity varied_severity(std::string_view text);

}  // namespace daydream::logs
