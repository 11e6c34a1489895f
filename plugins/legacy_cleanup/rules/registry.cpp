#include "plugins/legacy_cleanup/rules/registry.hpp"

namespace daydream::legacy {

std::unique_ptr<Rule> unused_import();
std::unique_ptr<Rule> unused_variable();
std::unique_ptr<Rule> redefined_unused();
std::unique_ptr<Rule> unreachable_code();
std::unique_ptr<Rule> commented_out_code();
std::unique_ptr<Rule> deprecated_pattern();
std::unique_ptr<Rule> expired_bridge();
std::unique_ptr<Rule> script_unused_import();
std::unique_ptr<Rule> script_unused_variable();
std::unique_ptr<Rule> script_unreachable_code();
std::unique_ptr<Rule> c_disabled_region();
std::unique_ptr<Rule> c_unreachable_code();
std::unique_ptr<Rule> braces_commented_out_code();
std::unique_ptr<Rule> script_deprecated_pattern();
std::unique_ptr<Rule> c_deprecated_pattern();
std::unique_ptr<Rule> braces_expired_bridge();
std::unique_ptr<TreeRule> build_artifact();
std::unique_ptr<TreeRule> half_migration();

const std::vector<std::unique_ptr<Rule>>& file_rules() {
  static const std::vector<std::unique_ptr<Rule>> table = [] {
    std::vector<std::unique_ptr<Rule>> rules;
    rules.push_back(unused_import());
    rules.push_back(unused_variable());
    rules.push_back(redefined_unused());
    rules.push_back(unreachable_code());
    rules.push_back(commented_out_code());
    rules.push_back(deprecated_pattern());
    rules.push_back(expired_bridge());
    rules.push_back(script_unused_import());
    rules.push_back(script_unused_variable());
    rules.push_back(script_unreachable_code());
    rules.push_back(c_disabled_region());
    rules.push_back(c_unreachable_code());
    rules.push_back(braces_commented_out_code());
    rules.push_back(script_deprecated_pattern());
    rules.push_back(c_deprecated_pattern());
    rules.push_back(braces_expired_bridge());
    return rules;
  }();
  return table;
}

const std::vector<std::unique_ptr<TreeRule>>& tree_rules() {
  static const std::vector<std::unique_ptr<TreeRule>> table = [] {
    std::vector<std::unique_ptr<TreeRule>> rules;
    rules.push_back(build_artifact());
    rules.push_back(half_migration());
    return rules;
  }();
  return table;
}

std::string rules_version(const Settings& settings, std::string_view build) {
  std::string version(build);
  for (const auto& rule : file_rules()) {
    if (settings.mode(rule->name()) != RuleMode::kOff) version.append(" ").append(rule->name());
  }
  return version;
}

}  // namespace daydream::legacy
