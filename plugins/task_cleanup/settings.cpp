#include "plugins/task_cleanup/settings.hpp"

#include <algorithm>

#include "daydream/kit/text.hpp"

namespace daydream::tasks {

Settings Settings::read(const json::Value& root) {
  Settings settings;
  if (const json::Value* rules = json::find(root, "rules"); rules != nullptr && rules->IsObject()) {
    for (const auto& member : rules->GetObject()) {
      const std::string mode = member.value.IsString() ? json::string_of(member.value) : "";
      settings.rules[json::string_of(member.name)] = mode == "off"      ? RuleMode::kOff
                                                     : mode == "report" ? RuleMode::kReport
                                                                        : RuleMode::kFix;
    }
  }
  settings.lists = json::get_strings(root, "lists");
  settings.exclude = json::get_strings(root, "exclude");
  settings.archive = json::get_bool(root, "archive", true);
  settings.comments = json::get_bool(root, "comments", true);
  settings.most_changes = static_cast<int>(json::get_int(root, "most_changes", 50));
  settings.history_budget = std::chrono::seconds(json::get_int(root, "history_budget", 5));
  if (const json::Value* grace = json::find(root, "grace"); grace != nullptr && grace->IsObject()) {
    settings.grace_days = static_cast<int>(json::get_int(*grace, "days", 14));
    settings.grace_runs = static_cast<int>(json::get_int(*grace, "runs", 3));
  }
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

}  // namespace daydream::tasks
