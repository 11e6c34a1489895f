// The step's options, checked.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "daydream/kit/json.hpp"
#include "daydream/kit/result.hpp"

namespace daydream::docs {

enum class RuleMode { kFix, kReport, kOff };

struct External {
  bool enabled = false;
  std::vector<std::string> skip;  // globs of URLs
  std::chrono::milliseconds timeout{15000};
  int most = 500;  // requests a night
};

struct Settings {
  std::map<std::string, RuleMode, std::less<>> rules;
  std::vector<std::string> exclude;
  std::chrono::milliseconds history_budget{10000};
  External external;

  static Result<Settings> read(const json::Value& configuration);
  [[nodiscard]] RuleMode mode(std::string_view rule) const;
  [[nodiscard]] bool excluded(std::string_view path) const;
};

}  // namespace daydream::docs
