#include "loader/needs.hpp"

#include <algorithm>

#include "daydream/kit/text.hpp"

namespace daydream::loader {
namespace {

// Whether the schema has the option "a.b"; what lies behind a choice or a free key cannot be told: yes.
bool has_option(const json::Value& schema, std::string_view option) {
  const json::Value* node = &schema;
  for (const std::string_view part : text::split(option, '.')) {
    for (const char* open : {"additionalProperties", "oneOf", "anyOf", "$ref"}) {
      if (json::find(*node, open) != nullptr) return true;
    }
    const json::Value* options = json::find(*node, "properties");
    if (options == nullptr || !options->IsObject()) return false;
    node = json::find(*options, std::string(part).c_str());
    if (node == nullptr || !node->IsObject()) return false;
  }
  return true;
}

bool is_host(std::string_view host) {
  if (host == "*") return true;
  if (host.starts_with("*.")) host.remove_prefix(2);
  return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':' || c == '[' || c == ']';
  });
}

class Reader {
 public:
  explicit Reader(const json::Text& text) : text_(text), schema_(json::find(text.root(), "config_schema")) {}

  Result<std::vector<Need>> read(const json::Value& needs, const std::string& kind) const {
    std::vector<Need> result;
    const json::Value* list = json::find(needs, kind.c_str());
    if (list == nullptr) return result;
    for (const json::Value& item : list->GetArray()) {
      Need need = plain(item);
      if (auto good = check(need, kind, result.size()); !good) return std::move(good.error());
      result.push_back(std::move(need));
    }
    return result;
  }

 private:
  static Need plain(const json::Value& item) {
    if (item.IsString()) return {json::string_of(item), "", "", ""};
    return {json::get_string(item, "name"), json::get_string(item, "option"), json::get_string(item, "when"),
            json::get_string(item, "unless")};
  }

  Result<void> check(const Need& need, const std::string& kind, std::size_t number) const {
    const std::string where = "/needs/" + kind + "/" + std::to_string(number);
    if (need.name.empty() == need.option.empty())
      return text_.error_at(where, R"(expected either "name" or "option": what it is, or the option that says it)");
    if (kind == "hosts" && !need.name.empty() && !is_host(need.name))
      return text_.error_at(where, "expected a host in lower case (\"api.acme.com\", \"*.acme.com\", \"*\"), not \"" +
                                       text::escape_terminal(need.name) + "\"");
    for (const auto& [key, option] : {std::pair<const char*, const std::string&>{"option", need.option},
                                      {"when", need.when},
                                      {"unless", need.unless}}) {
      if (option.empty() || (schema_ != nullptr && has_option(*schema_, option))) continue;
      return text_.error_at(where + "/" + key, "config_schema has no option \"" + text::escape_terminal(option) + "\"");
    }
    return {};
  }

  const json::Text& text_;
  const json::Value* schema_;
};

}  // namespace

Result<Needs> read_needs(const json::Text& descriptor) {
  Needs needs;
  const json::Value* node = json::find(descriptor.root(), "needs");
  if (node == nullptr) return needs;
  const Reader reader(descriptor);
  for (const auto& [kind, list] : {std::pair<const char*, std::vector<Need>*>{"hosts", &needs.hosts},
                                   {"secrets", &needs.secrets},
                                   {"inputs", &needs.inputs},
                                   {"outputs", &needs.outputs}}) {
    auto read = reader.read(*node, kind);
    if (!read) return std::move(read.error());
    *list = std::move(*read);
  }
  return needs;
}

std::string describe(const Need& need) {
  std::string words = need.option.empty() ? need.name : "what option \"" + need.option + "\" names";
  if (!need.when.empty()) words += ", where \"" + need.when + "\" is set";
  if (!need.unless.empty()) words += ", unless \"" + need.unless + "\" is";
  return words;
}

}  // namespace daydream::loader
