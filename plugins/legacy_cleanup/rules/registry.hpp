// Every rule of this step, in the order in which they speak. A new rule: its file, one declaration and
// one line in registry.cpp.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/legacy_cleanup/identity.hpp"
#include "plugins/legacy_cleanup/rules/rule.hpp"

namespace daydream::legacy {

const std::vector<std::unique_ptr<Rule>>& file_rules();
const std::vector<std::unique_ptr<TreeRule>>& tree_rules();
// Changes whenever an answer of a rule may have changed: with the code (`build`), and with the set of rules that
// are not off.
std::string rules_version(const Settings& settings, std::string_view build = build_identity());

}  // namespace daydream::legacy
