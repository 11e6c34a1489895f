#include "plugins/docs_update/settings.hpp"

#include <algorithm>

#include "daydream/kit/text.hpp"

namespace daydream::docs {

Result<Settings> Settings::read(const json::Value& root) {
  Settings settings;
  if (const json::Value* rules = json::find(root, "rules"); rules != nullptr && rules->IsObject()) {
    for (const auto& member : rules->GetObject()) {
      const std::string mode = member.value.IsString() ? json::string_of(member.value) : "";
      const RuleMode read = mode == "off" ? RuleMode::kOff : mode == "report" ? RuleMode::kReport : RuleMode::kFix;
      settings.rules[json::string_of(member.name)] = read;
    }
  }
  settings.exclude = json::get_strings(root, "exclude");
  settings.history_budget = std::chrono::seconds(json::get_int(root, "history_budget", 10));
  const json::Value* external = json::find(root, "external");
  if (external == nullptr || !external->IsObject()) return settings;
  settings.external.enabled = json::get_bool(*external, "enabled", false);
  settings.external.skip = json::get_strings(*external, "skip");
  settings.external.most = static_cast<int>(json::get_int(*external, "most", 500));
  auto timeout = json::parse_duration_ms(json::get_string(*external, "timeout", "15s"));
  if (!timeout) return std::move(timeout.error()).context("external.timeout");
  settings.external.timeout = std::chrono::milliseconds(*timeout);
  return settings;
}

RuleMode Settings::mode(std::string_view rule) const {
  const auto found = rules.find(rule);
  return found == rules.end() ? RuleMode::kFix : found->second;
}

bool Settings::excluded(std::string_view path) const {
  return std::any_of(exclude.begin(), exclude.end(),
                     [&](const std::string& glob) { return text::glob_match(glob, path); });
}

}  // namespace daydream::docs
