// The step's configuration (schema.json) as checked values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daydream/kit/json.hpp"
#include "daydream/kit/result.hpp"

namespace daydream::logs {

struct Settings {
  std::vector<std::string> files, exclude, inputs;
  std::int64_t window_ms = 0, batch_ms = 900;
  std::size_t max_findings = 10;
  std::optional<int> zone_minutes;  // of times without one
  bool assignments = false;
  bool unlink = false;
  std::int64_t archive_after_ms = 0;

  // REQUIRES: `configuration` has passed schema.json, with its defaults filled in.
  static Result<Settings> read(const json::Value& configuration);
};

}  // namespace daydream::logs
