// The step's configuration (schema.json) as checked values.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "daydream/kit/json.hpp"
#include "daydream/kit/result.hpp"

namespace daydream::tasks {

enum class RuleMode { kFix, kReport, kOff };

struct Settings {
  std::map<std::string, RuleMode, std::less<>> rules;  // absent = kFix
  std::vector<std::string> lists;                      // globs; empty: the names we know
  std::vector<std::string> exclude;
  bool archive = true;
  bool comments = true;
  int grace_days = 14, grace_runs = 3;
  int most_changes = 50;  // a night
  std::chrono::milliseconds history_budget{5000};

  // REQUIRES: `configuration` has passed schema.json.
  static Settings read(const json::Value& configuration);
  [[nodiscard]] RuleMode mode(std::string_view rule) const;
  [[nodiscard]] bool excluded(std::string_view path) const;
};

}  // namespace daydream::tasks
