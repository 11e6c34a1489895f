// Names of runs and machines.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daydream/kit/result.hpp"

namespace daydream {

// "2026-11-22" and "2026-11-22_2".
struct RunId {
  std::string date;
  int sequence = 1;
  [[nodiscard]] std::string text() const;
  static std::optional<RunId> parse(std::string_view text);
};

bool is_date(std::string_view text);  // YYYY-MM-DD, a real day

}  // namespace daydream
