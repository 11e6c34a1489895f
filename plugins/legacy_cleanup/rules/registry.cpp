#include "plugins/legacy_cleanup/rules/registry.hpp"

namespace daydream::legacy {

std::unique_ptr<Rule> unused_import();

const std::vector<std::unique_ptr<Rule>>& file_rules() {
  static const std::vector<std::unique_ptr<Rule>> kRules = [] {
    std::vector<std::unique_ptr<Rule>> rules;
    rules.push_back(unused_import());

    return rules;
  }();
  return kRules;
}

const std::vector<std::unique_ptr<TreeRule>>& tree_rules() {
  static const std::vector<std::unique_ptr<TreeRule>> kRules = [] {
    std::vector<std::unique_ptr<TreeRule>> rules;
    return rules;
  }();
  return kRules;
}

std::string rules_version() {
  std::string version = "1";  // of the facts and of the records themselves
  for (const auto& rule : file_rules()) {
    version += " " + std::string(rule->name()) + "=" + std::to_string(rule->version());
  }
  return version;
}

}  // namespace daydream::legacy
