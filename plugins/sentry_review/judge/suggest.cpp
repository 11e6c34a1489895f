#include "plugins/sentry_review/judge/suggest.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "daydream/kit/text.hpp"
#include "plugins/sentry_review/read/fields.hpp"
#include "sentry_suggestions.hpp"

namespace daydream::sentry {
namespace {

struct Rule {
  Suggestion says;
  std::vector<std::string> families;  // empty = all
  std::unique_ptr<re2::RE2> type, value, frame, address, type_and_value;
};

bool is_within(std::string_view word, std::string_view platform) {
  return platform.find(word) != std::string_view::npos;
}

Result<std::unique_ptr<re2::RE2>> pattern_of(const json::Value& value, const char* key, bool whole) {
  const std::string text = json::get_string(value, key);
  if (text.empty()) return std::unique_ptr<re2::RE2>();
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(1 << 20);
  auto pattern = std::make_unique<re2::RE2>(whole ? "^(?:" + text + ")$" : text, options);
  if (!pattern->ok()) {
    return Error(ErrorKind::kInvalid, "rule " + json::get_string(value, "id") + ": " + key + ": " + pattern->error());
  }
  return pattern;
}

Result<Rule> read_rule(const json::Value& value) {
  Rule rule;
  rule.says.rule = json::get_string(value, "id");
  rule.says.diagnosis = json::get_string(value, "diagnosis");
  rule.says.fix = json::get_string(value, "fix");
  rule.says.rule_class = json::get_string(value, "class");
  rule.families = json::get_strings(value, "platforms");
  const std::array<std::pair<const char*, std::unique_ptr<re2::RE2>*>, 4> patterns{
      {{"type", &rule.type}, {"value", &rule.value}, {"frame", &rule.frame}, {"address", &rule.address}}};
  for (const auto& [key, place] : patterns) {
    auto pattern = pattern_of(value, key, std::string_view(key) == "type");
    if (!pattern) return std::move(pattern.error());
    *place = std::move(*pattern);
  }
  if (!rule.type && !rule.value && !rule.frame) {
    return Error(ErrorKind::kInvalid, "rule " + rule.says.rule + " looks at nothing");
  }
  return rule;
}

// "com.acme.FooException" fits a rule for "FooException".
std::string_view last_name(std::string_view type) {
  const std::size_t dot = type.find_last_of(".\\:/");
  return dot == std::string_view::npos ? type : type.substr(dot + 1);
}

bool fits_frame(const re2::RE2& pattern, const Symptom& symptom, std::string& evidence) {
  constexpr std::size_t kInnermost = 8;
  std::size_t looked = 0;
  for (auto frame = symptom.frames.rbegin(); frame != symptom.frames.rend() && looked < kInnermost; ++frame, ++looked) {
    for (const std::string* text : {&(*frame)->function, &(*frame)->module, &(*frame)->abs_path, &(*frame)->filename}) {
      if (text->empty() || !re2::RE2::PartialMatch(*text, pattern)) continue;
      evidence = "frame " + *text;
      return true;
    }
  }
  return false;
}

bool fits(const Rule& rule, const Symptom& symptom, const std::string& family, std::string& evidence) {
  if (!rule.families.empty() && std::find(rule.families.begin(), rule.families.end(), family) == rule.families.end()) {
    return false;
  }
  if (rule.type) {
    const bool full = re2::RE2::PartialMatch(symptom.type, *rule.type);
    if (!full && !re2::RE2::PartialMatch(last_name(symptom.type), *rule.type)) return false;
    evidence = "type " + symptom.type;
  }
  if (rule.value) {
    re2::StringPiece match;
    const re2::StringPiece subject(symptom.value);
    if (!rule.value->Match(subject, 0, subject.size(), re2::RE2::UNANCHORED, &match, 1)) return false;
    evidence += (evidence.empty() ? "message \"" : ", message \"") +
                text::shorten(std::string(match.data(), match.size()), 120) + "\"";
  }
  if (rule.address && !re2::RE2::PartialMatch(symptom.signal_address, *rule.address)) return false;
  if (rule.address) evidence += ", address " + symptom.signal_address;
  if (rule.frame) {
    std::string where;
    if (!fits_frame(*rule.frame, symptom, where)) return false;
    evidence += (evidence.empty() ? "" : ", ") + where;
  }
  return true;
}

}  // namespace

struct Suggestions::State {
  std::vector<Rule> rules;
};

Suggestions::Suggestions(std::unique_ptr<State> state) : state_(std::move(state)) {}
Suggestions::Suggestions(Suggestions&&) noexcept = default;
Suggestions& Suggestions::operator=(Suggestions&&) noexcept = default;
Suggestions::~Suggestions() = default;

std::string family_of(std::string_view platform) {
  const std::string name = text::to_lower_ascii(platform);
  if (name.starts_with("javascript") || name.starts_with("node") || name.starts_with("react") ||
      name.starts_with("bun") || name.starts_with("deno") || name.starts_with("electron")) {
    return "javascript";
  }
  if (name.starts_with("java") || name.starts_with("kotlin") || name.starts_with("android")) return "java";
  if (name.starts_with("python")) return "python";
  if (name.starts_with("csharp") || name.starts_with("dotnet") || name.starts_with("unity")) return "dotnet";
  if (name.starts_with("go")) return "go";
  if (name.starts_with("php")) return "php";
  if (name.starts_with("ruby")) return "ruby";
  for (const char* native : {"native", "cocoa", "apple", "objc", "swift", "minidump", "rust", "unreal", "c"}) {
    if (name == native || (std::string_view(native).size() > 1 && is_within(native, name))) return "native";
  }
  return "other";
}

Result<Suggestions> Suggestions::load() {
  return parse(kSuggestions);
}

Result<Suggestions> Suggestions::parse(std::string_view json_text) {
  json::ParseOptions options;
  options.name = "suggestions.json";
  auto parsed = json::Text::parse(json_text, options);
  if (!parsed) return std::move(parsed.error());
  auto state = std::make_unique<State>();
  const json::Value* rules = array_member(parsed->root(), "rules");
  if (rules == nullptr) return Error(ErrorKind::kInvalid, "suggestions.json: no list \"rules\"");
  for (const json::Value& value : rules->GetArray()) {
    auto rule = read_rule(value);
    if (!rule) return std::move(rule.error());
    state->rules.push_back(std::move(*rule));
  }
  return Suggestions(std::move(state));
}

std::size_t Suggestions::size() const {
  return state_->rules.size();
}

Suggestion Suggestions::find(const Symptom& symptom) const {
  const std::string family = family_of(symptom.platform);
  for (const Rule& rule : state_->rules) {
    std::string evidence;
    if (!fits(rule, symptom, family, evidence)) continue;
    Suggestion found = rule.says;
    found.evidence = evidence;
    return found;
  }
  return {};
}

}  // namespace daydream::sentry
