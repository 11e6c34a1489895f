// The few members of a step's configuration that the host itself must obey, whatever the plugin does.
#pragma once

#include <string_view>

#include "daydream/kit/json.hpp"

namespace daydream::pipeline {

struct StepConfig {
  bool archive_apply = false;  // "archive": {"apply": true}
  bool artifacts_all = false;  // "artifacts": "all"
};

inline StepConfig read_step_config(std::string_view text) {
  StepConfig config;
  auto parsed = json::Text::parse(text, {.name = "config", .positions = false});
  if (!parsed || !parsed->root().IsObject()) return config;
  const auto& object = parsed->root();
  if (const json::Value* archive = json::find(object, "archive"); archive != nullptr && archive->IsObject())
    config.archive_apply = json::get_bool(*archive, "apply");
  config.artifacts_all = json::get_string(object, "artifacts") == "all";
  return config;
}

}  // namespace daydream::pipeline
