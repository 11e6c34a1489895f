#include "pipeline/needs.hpp"

#include <algorithm>

#include "broker/policy.hpp"
#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::pipeline {
namespace {

using loader::Need;

// The value of the option "a.b", or nullptr.
const json::Value* option_of(const json::Value& config, std::string_view option) {
  const json::Value* node = &config;
  for (const std::string_view part : text::split(option, '.')) {
    if (!node->IsObject()) return nullptr;
    node = json::find(*node, std::string(part).c_str());
    if (node == nullptr) return nullptr;
  }
  return node;
}

// An option that says nothing is not set: null, false, "", [] and {}.
bool is_set(const json::Value* value) {
  if (value == nullptr || value->IsNull() || value->IsFalse()) return false;
  if (value->IsString()) return value->GetStringLength() != 0;
  if (value->IsArray()) return !value->Empty();
  return !value->IsObject() || !value->ObjectEmpty();
}

// What a need comes to under this configuration: names, none where it does not apply.
std::vector<std::string> names_of(const Need& need, const json::Value& config) {
  if (!need.when.empty() && !is_set(option_of(config, need.when))) return {};
  if (!need.unless.empty() && is_set(option_of(config, need.unless))) return {};
  if (need.option.empty()) return {need.name};
  const json::Value* value = option_of(config, need.option);
  if (!is_set(value)) return {};
  if (value->IsString()) return {json::string_of(*value)};
  std::vector<std::string> names;
  if (!value->IsArray()) return names;
  for (const json::Value& item : value->GetArray()) {
    if (item.IsString() && item.GetStringLength() != 0) names.push_back(json::string_of(item));
  }
  return names;
}

// The pattern of "hosts" that would do for a host, a pattern or a URL.
std::string host_pattern(const std::string& name) {
  if (name.starts_with("*")) return name;
  auto url = broker::parse_url(name.find("://") == std::string::npos ? "https://" + name : name);
  return url ? url->authority() : name;
}

bool lets_reach(const std::vector<std::string>& patterns, const std::string& name) {
  if (name == "*") return !patterns.empty();  // hosts that only the manifest knows
  if (name.starts_with("*.")) {
    return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
      return pattern == "*" || (pattern.starts_with("*.") && name.ends_with(pattern.substr(1)));
    });
  }
  auto url = broker::parse_url(name.find("://") == std::string::npos ? "https://" + name : name);
  return !url || std::any_of(patterns.begin(), patterns.end(),
                             [&](const std::string& pattern) { return broker::pattern_matches(pattern, *url); });
}

std::string quoted(const std::string& name) {
  return "\"" + text::escape_terminal(name) + "\"";
}

class Checker {
 public:
  Checker(const manifest::Loaded& loaded, const std::vector<PreparedStep>& steps) : loaded_(loaded), steps_(steps) {}

  void check(std::size_t index) {
    const PreparedStep& step = steps_[index];
    const loader::Needs& needs = step.plugin.descriptor.needs;
    auto config = json::Text::parse(step.config, {.name = loaded_.main_file, .positions = false});
    if (!config) return;  // was written by check_configuration
    const json::Value& root = config->root();
    each(needs.hosts, root, [&](const Need& need, const std::string& name) { host(step, need, name); });
    each(needs.secrets, root, [&](const Need& need, const std::string& name) { secret(step, need, name); });
    each(needs.inputs, root, [&](const Need& need, const std::string& name) { input(step, need, name); });
    each(needs.outputs, root, [&](const Need& need, const std::string& name) { output(index, need, name); });
  }
  std::vector<std::string> take() { return std::move(problems_); }

 private:
  template <class Look>
  static void each(const std::vector<Need>& needs, const json::Value& config, const Look& look) {
    for (const Need& need : needs) {
      for (const std::string& name : names_of(need, config)) look(need, name);
    }
  }

  void host(const PreparedStep& step, const Need& need, const std::string& name) {
    const auto given = loaded_.pipeline.hosts.find(step.manifest.id);
    if (given != loaded_.pipeline.hosts.end() && lets_reach(given->second, name)) return;
    const std::string add = "\"hosts\": {" + quoted(step.manifest.id) + ": [" + quoted(host_pattern(name)) + "]}";
    if (name == "*") return tell(step, need, "hosts that it may reach", "add " + add + ", or those hosts by name");
    tell(step, need, "the host " + text::escape_terminal(host_pattern(name)), "add " + add);
  }

  void secret(const PreparedStep& step, const Need& need, const std::string& name) {
    const auto& given = step.manifest.secrets;
    const bool named = std::find(given.begin(), given.end(), name) != given.end();
    const bool declared = loaded_.pipeline.secrets.count(name) != 0;
    if (named && declared) return;
    std::string add = "add \"secrets\": [" + quoted(name) + "] to the step";
    if (!declared)
      add += ", and \"secrets\": {" + quoted(name) + R"(: {"env": )" + quoted(name) +
             R"(, "hosts": [...]}} to the manifest)";
    tell(step, need, "the secret " + text::escape_terminal(name), add);
  }

  void input(const PreparedStep& step, const Need& need, const std::string& name) {
    if (loaded_.pipeline.inputs.count(name) != 0) return;
    tell(step, need, "the input " + quoted(name), "add \"inputs\": {" + quoted(name) + R"(: {"command": [...]}})");
  }

  void output(std::size_t index, const Need& need, const std::string& name) {
    const auto found = std::find_if(steps_.begin(), steps_.end(),
                                    [&](const PreparedStep& other) { return other.manifest.id == name; });
    if (found != steps_.end() && found - steps_.begin() < static_cast<std::ptrdiff_t>(index)) return;
    tell(steps_[index], need, "what the step " + quoted(name) + " puts out",
         found == steps_.end() ? "add a step with that id before it" : "put that step before it");
  }

  void tell(const PreparedStep& step, const Need& need, const std::string& what, const std::string& add) {
    const std::string& pointer = step.manifest.config_pointer;
    const std::string why = need.option.empty() ? "" : " (option \"" + need.option + "\")";
    problems_.push_back(loaded_
                            .error_at(pointer.substr(0, pointer.rfind('/')),
                                      "the step " + quoted(step.manifest.id) + " needs " + what + why + ": " + add)
                            .message());
  }

  const manifest::Loaded& loaded_;
  const std::vector<PreparedStep>& steps_;
  std::vector<std::string> problems_;
};

}  // namespace

std::vector<std::string> unmet_needs(const manifest::Loaded& loaded, const std::vector<PreparedStep>& steps) {
  Checker checker(loaded, steps);
  for (std::size_t index = 0; index < steps.size(); ++index) checker.check(index);
  return checker.take();
}

}  // namespace daydream::pipeline
