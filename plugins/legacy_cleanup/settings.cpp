#include "plugins/legacy_cleanup/settings.hpp"

#include <algorithm>
#include <charconv>

#include "daydream/kit/text.hpp"

namespace daydream::legacy {
namespace {

// ">=3.8", "3.8", "3.11.2" -> the minor; -1 for anything else.
int python_minor_of(std::string_view text) {
  while (!text.empty() && (text.front() == '>' || text.front() == '=' || text.front() == '~' || text.front() == ' ')) {
    text.remove_prefix(1);
  }
  if (!text.starts_with("3.")) return -1;
  int minor = -1;
  std::from_chars(text.data() + 2, text.data() + text.size(), minor);
  return minor;
}

}  // namespace

Result<Settings> Settings::read(const json::Value& root) {
  Settings settings;
  settings.text = json::write(root);
  if (const json::Value* rules = json::find(root, "rules"); rules != nullptr && rules->IsObject()) {
    for (const auto& member : rules->GetObject()) {
      const std::string mode = member.value.IsString() ? json::string_of(member.value) : "";
      const RuleMode read = mode == "off" ? RuleMode::kOff : mode == "report" ? RuleMode::kReport : RuleMode::kFix;
      settings.rules[json::string_of(member.name)] = read;
    }
  }
  settings.exclude = json::get_strings(root, "exclude");
  settings.history_budget = std::chrono::seconds(json::get_int(root, "history_budget", 5));
  settings.all_artifacts = json::get_string(root, "artifacts") == "all";
  if (const json::Value* keep = json::find(root, "keep"); keep != nullptr && keep->IsObject()) {
    settings.keep_modules = json::get_strings(*keep, "modules");
    if (const json::Value* names = json::find(*keep, "names"); names != nullptr && names->IsArray()) {
      for (const auto& name : names->GetArray()) {
        settings.keep_names.push_back({json::get_string(name, "name"), json::get_string(name, "in")});
      }
    }
  }
  if (const json::Value* targets = json::find(root, "targets"); targets != nullptr && targets->IsObject()) {
    if (const std::string python = json::get_string(*targets, "python"); !python.empty()) {
      settings.python_minor = python_minor_of(python);
      if (settings.python_minor < 0) {
        return Error(ErrorKind::kInvalid, "targets.python: \"" + python + "\" is no version such as \">=3.8\"");
      }
    }
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

bool Settings::keeps_module(std::string_view module) const {
  return std::any_of(keep_modules.begin(), keep_modules.end(), [&](const std::string& kept) {
    return module == kept || (module.starts_with(kept) && module[kept.size()] == '.');
  });
}

bool Settings::keeps_name(std::string_view name, std::string_view path) const {
  return std::any_of(keep_names.begin(), keep_names.end(), [&](const KeepName& kept) {
    return kept.name == name && (kept.in.empty() || text::glob_match(kept.in, path));
  });
}

}  // namespace daydream::legacy
