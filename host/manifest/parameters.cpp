#include "manifest/parameters.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "daydream/kit/text.hpp"
#include "manifest/names.hpp"

namespace daydream::manifest {
namespace {

constexpr std::size_t kLongestValue = 4096;

struct Parameter {
  std::string text;
  enum class Type { kText, kInteger, kBoolean } type = Type::kText;
  std::string note;  // where the value comes from
};

bool is_name_part(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

// The name in "${name}" where `text` begins with that, else "".
std::string_view name_at(std::string_view text) {
  if (!text.starts_with("${")) return "";
  std::size_t end = 2;
  while (end < text.size() && is_name_part(text[end])) ++end;
  const std::string_view name = text.substr(2, end - 2);
  return end < text.size() && text[end] == '}' && is_step_id(name) ? name : "";
}

// The text with each "${name}" replaced by what `value` says of it, and "$${name}" by what `escaped` says.
using Replacement = std::function<std::string(const std::string&)>;
std::string expand(std::string_view text, const Replacement& value, const Replacement& escaped) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool twice = text.substr(i).starts_with("$${");
    const std::string name(name_at(text.substr(twice ? i + 1 : i)));
    if (name.empty()) {
      result += text[i];
      continue;
    }
    result += twice ? escaped(name) : value(name);
    i += name.size() + (twice ? 3 : 2);
  }
  return result;
}
std::string as_text(const std::string& name) {
  return "${" + name + "}";
}

// By the words of its name; what is found has a place where it does no harm.
bool looks_secret(std::string_view variable) {
  const std::vector<std::string_view> words{
      "token", "tokens", "secret",  "secrets", "password", "passwd",      "passphrase", "key", "keys",  "apikey",
      "auth",  "cookie", "session", "private", "cred",     "credentials", "credential", "jwt", "bearer"};
  const std::string lower = text::to_lower_ascii(variable);
  for (const std::string_view part : text::split(lower, '_')) {
    if (std::find(words.begin(), words.end(), part) != words.end()) return true;
  }
  return false;
}

std::string scalar_text(const json::Value& value) {
  return value.IsString() ? json::string_of(value) : json::write(value);
}

Parameter::Type type_of(const json::Value& value) {
  if (value.IsBool()) return Parameter::Type::kBoolean;
  return value.IsInt64() ? Parameter::Type::kInteger : Parameter::Type::kText;
}

bool has_type(const std::string& text, Parameter::Type type) {
  if (type == Parameter::Type::kBoolean) return text == "true" || text == "false";
  if (type == Parameter::Type::kText) return true;
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  return problem == std::errc() && end == text.data() + text.size() && !text.empty();
}

class Parameters {
 public:
  Parameters(Node& root, Problems& problems) : root_(root), problems_(problems) {}

  void fill() {
    if (const Node* declared = std::as_const(root_).find("parameters")) {
      for (const Member& member : declared->members) declare(member);
    }
    for (Member& member : root_.members) {
      if (member.key == "parameters") continue;
      if (member.key == "secrets") {
        refuse_any(member.node);
      } else {
        fill(member.node);
      }
    }
  }

 private:
  void declare(const Member& member) {
    names_.push_back(member.key);
    if (!is_step_id(member.key)) {
      return problems_.at_key(member.node, "expected a name of lower-case letters, digits, _ and -, as team");
    }
    const Node* fallback = member.node.find("default");
    const Node* variable = member.node.find("env");
    Parameter parameter;
    if (fallback != nullptr) {
      parameter = {scalar_text(*fallback->value), type_of(*fallback->value),
                   member.key + " by default, " + fallback->place().line()};
    }
    if (variable != nullptr) {
      if (!read(member.key, *variable, parameter)) return;
    }
    if (parameter.note.empty()) {
      problems_.at_key(
          member.node,
          variable == nullptr
              ? std::string("expected \"env\", \"default\" or both: where the value comes from")
              : "the variable " + json::string_of(*variable->value) + " is not set, and there is no \"default\"");
      return;
    }
    if (check_allowed(member.node, parameter)) known_[member.key] = std::move(parameter);
  }

  // False: a problem was said.
  bool read(const std::string& name, const Node& variable, Parameter& into) {
    const std::string from = json::string_of(*variable.value);
    if (!is_variable_name(from)) {
      problems_.at(variable, "expected the name of an environment variable, as DAYDREAM_TEAM");
      return false;
    }
    if (looks_secret(from) || belongs_to_a_secret(from)) {
      problems_.at(variable,
                   from + " is, or looks like, a secret, and parameters are shown: declare it in \"secrets\"");
      return false;
    }
    const char* value = std::getenv(from.c_str());
    if (value == nullptr) return true;
    const std::string text = value;
    std::string wrong;
    if (text.size() > kLongestValue || !text::valid_utf8(text) || text::escape_terminal(text) != text) {
      wrong = "expected one line of text, of at most 4096 bytes";
    } else if (text::mask(text) != text) {
      wrong = "the value looks like a secret, and parameters are shown: secrets go into \"secrets\"";
    } else if (!has_type(text, into.type)) {
      wrong = into.type == Parameter::Type::kBoolean ? "expected true or false, as the default is"
                                                     : "expected a whole number, as the default is";
      wrong += "; got \"" + text::shorten(text, 80) + "\"";
    }
    if (!wrong.empty()) {
      problems_.at(variable, "in the environment, " + from + ": " + wrong);
      return false;
    }
    into.text = text;
    into.note = name + " from $" + from;
    return true;
  }

  [[nodiscard]] bool belongs_to_a_secret(const std::string& variable) const {
    const Node* secrets = std::as_const(root_).find("secrets");
    if (secrets == nullptr) return false;
    return std::any_of(secrets->members.begin(), secrets->members.end(), [&](const Member& secret) {
      const Node* from = secret.node.find("env");
      return secret.key == variable || (from != nullptr && json::string_of(*from->value) == variable);
    });
  }

  bool check_allowed(const Node& node, const Parameter& parameter) {
    const Node* values = node.find("values");
    if (values == nullptr) return true;
    std::vector<std::string> known;
    known.reserve(values->members.size());
    for (const Member& member : values->members) known.push_back(scalar_text(*member.node.value));
    if (std::find(known.begin(), known.end(), parameter.text) != known.end()) return true;
    const std::string near = text::nearest(parameter.text, known);
    problems_.at(*values, "\"" + text::shorten(parameter.text, 80) + "\" (" + parameter.note + ") is none of these" +
                              (near.empty() ? "" : "; did you mean \"" + near + "\"?"));
    return false;
  }

  void refuse_any(const Node& node) {
    for (const std::string& name : parameters_in(node)) {
      problems_.at(node, "\"${" + name + "}\": no parameter stands in \"secrets\"; write it out");
    }
  }

  void fill(Node& node) {
    for (Member& member : node.members) fill(member.node);
    if (node.kind != Node::Kind::kLeaf || !node.value->IsString()) return;
    const std::string said = json::string_of(*node.value);
    if (said.find("${") == std::string::npos) return;
    std::string notes;
    const Parameter* whole = nullptr;
    std::string filled = expand(
        said,
        [&](const std::string& name) {
          const auto found = known_.find(name);
          if (found == known_.end()) {
            refuse(node, name);
            return std::string();
          }
          whole = said.size() == name.size() + 3 ? &found->second : nullptr;
          notes.append(notes.empty() ? "" : ", ").append(found->second.note);
          return found->second.text;
        },
        as_text);
    if (filled != said) put(node, std::move(filled), whole);
    node.note = std::move(notes);
  }

  void refuse(const Node& node, const std::string& name) {
    if (std::find(names_.begin(), names_.end(), name) != names_.end()) return;  // its own problem was said
    const std::string near = text::nearest(name, names_);
    problems_.at(node, "no parameter \"" + name + "\"" +
                           (near.empty() ? "; declare it in \"parameters\"" : "; did you mean \"" + near + "\"?") +
                           (near.empty() ? ", or write $${" + name + "} for the text itself" : ""));
  }

  static void put(Node& node, std::string filled, const Parameter* whole) {
    auto document = std::make_shared<json::Document>();
    if (whole != nullptr && whole->type == Parameter::Type::kBoolean) {
      document->SetBool(filled == "true");
    } else if (whole != nullptr && whole->type == Parameter::Type::kInteger) {
      document->SetInt64(std::strtoll(filled.c_str(), nullptr, 10));
    } else {
      document->SetString(filled.data(), static_cast<rapidjson::SizeType>(filled.size()), document->GetAllocator());
    }
    node.value = document.get();
    node.own = std::move(document);
  }

  Node& root_;
  Problems& problems_;
  std::vector<std::string> names_;
  std::map<std::string, Parameter> known_;
};

void collect(const Node& node, std::vector<std::string>& names) {
  for (const Member& member : node.members) collect(member.node, names);
  if (node.kind != Node::Kind::kLeaf || !node.value->IsString()) return;
  (void)expand(
      json::string_of(*node.value),
      [&](const std::string& name) {
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
        return std::string();
      },
      as_text);
}

}  // namespace

void fill_parameters(Node& root, Problems& problems) {
  Parameters(root, problems).fill();
}

std::string unfilled(std::string_view text) {
  return expand(
      text, [](const std::string& name) { return "$" + as_text(name); },
      [](const std::string& name) { return "$$" + as_text(name); });
}

std::vector<std::string> parameters_in(const Node& node) {
  std::vector<std::string> names;
  collect(node, names);
  return names;
}

bool is_open_variable(std::string_view name) {
  return name.starts_with("DAYDREAM_");
}

}  // namespace daydream::manifest
