// The step's configuration (schema.json) as checked values.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "daydream/kit/json.hpp"
#include "daydream/kit/result.hpp"

namespace daydream::legacy {

struct KeepName {
  std::string name;
  std::string in;  // glob of paths; "" = everywhere
};

enum class RuleMode { kFix, kReport, kOff };

struct Settings {
  std::string text;                                    // the configuration as it was written
  std::map<std::string, RuleMode, std::less<>> rules;  // absent = kFix
  std::vector<std::string> exclude;                    // globs
  std::vector<std::string> keep_modules;               // imports of these are never touched
  std::vector<KeepName> keep_names;
  int python_minor = 0;  // of the oldest Python 3 the project supports; 0 = not said
  bool all_artifacts = false;
  std::chrono::seconds history_budget{5};  // of a night, for asking git

  // REQUIRES: `configuration` has passed schema.json. kInvalid names the value at fault.
  static Result<Settings> read(const json::Value& configuration);
  [[nodiscard]] RuleMode mode(std::string_view rule) const;
  [[nodiscard]] bool excluded(std::string_view path) const;
  [[nodiscard]] bool keeps_module(std::string_view module) const;
  [[nodiscard]] bool keeps_name(std::string_view name, std::string_view path) const;
};

}  // namespace daydream::legacy
