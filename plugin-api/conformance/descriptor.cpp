#include "descriptor.hpp"

#include <algorithm>
#include <cstring>
#include <set>

#include "daydream/kit/text.hpp"

namespace daydream::conformance {
namespace {

constexpr std::size_t kMaxDescriptor = std::size_t{1} << 20;

// What a schema cannot say is checked below.
constexpr const char* kShape = R"json({
  "type": "object",
  "required": ["id", "version", "summary"],
  "properties": {
    "id": {"type": "string", "maxLength": 64, "pattern": "^[a-z][a-z0-9_]*(/[a-z][a-z0-9_]*)?$"},
    "version": {"type": "string", "maxLength": 64,
      "pattern": "^[0-9]{1,9}[.][0-9]{1,9}[.][0-9]{1,9}([-+][0-9A-Za-z.+-]+)?$"},
    "summary": {"type": "string", "minLength": 1, "maxLength": 400},
    "role": {"type": "string", "enum": ["step", "report"]},
    "config_schema": {"type": "object", "additionalProperties": {}},
    "checkpoint_schema": {"type": "integer", "minimum": 1, "maximum": 2147483647},
    "memory_schema": {"type": "integer", "minimum": 1, "maximum": 2147483647},
    "services": {"type": "array", "maxItems": 256, "items": {"type": "string",
      "enum": ["daydream.run/1", "daydream.state/1", "daydream.changes/1", "daydream.http/1"]}},
    "needs": {"type": "object", "properties": {
      "hosts": {"$ref": "#/definitions/hosts"}, "secrets": {"$ref": "#/definitions/needs"},
      "inputs": {"$ref": "#/definitions/needs"}, "outputs": {"$ref": "#/definitions/needs"}}},
    "commands": {"type": "array", "maxItems": 64, "items": {"type": "object", "required": ["name", "summary"],
      "properties": {"name": {"type": "string", "maxLength": 64, "pattern": "^[a-z][a-z0-9-]*$"},
        "summary": {"type": "string", "minLength": 1, "maxLength": 400},
        "usage": {"type": "string", "maxLength": 20000}}}},
    "report": {"type": "object", "required": ["title", "lines"], "properties": {
      "title": {"type": "string", "minLength": 1, "maxLength": 200},
      "lines": {"type": "array", "maxItems": 64, "items": {"type": "object", "required": ["text"], "properties": {
        "text": {"type": "string", "minLength": 1, "maxLength": 400},
        "metric": {"type": "string", "minLength": 1, "maxLength": 200},
        "rules": {"$ref": "#/definitions/names"},
        "actions": {"type": "array", "maxItems": 256, "items": {"type": "string",
          "enum": ["applied", "proposed", "reported", "conflict", "rejected", "declined"]}}}}}}}
  },
  "definitions": {
    "name": {"type": "string", "minLength": 1, "maxLength": 200},
    "names": {"type": "array", "maxItems": 256, "items": {"$ref": "#/definitions/name"}},
    "host": {"type": "string", "maxLength": 200, "pattern": "^([*]|([*][.])?[][a-z0-9.:-]+)$"},
    "hosts": {"type": "array", "maxItems": 256, "items": {"type": ["string", "object"],
      "maxLength": 200, "pattern": "^([*]|([*][.])?[][a-z0-9.:-]+)$", "properties": {
        "name": {"$ref": "#/definitions/host"}, "option": {"$ref": "#/definitions/name"},
        "when": {"$ref": "#/definitions/name"}, "unless": {"$ref": "#/definitions/name"}}}},
    "needs": {"type": "array", "maxItems": 256, "items": {"type": ["string", "object"],
      "minLength": 1, "maxLength": 200, "properties": {
        "name": {"$ref": "#/definitions/name"}, "option": {"$ref": "#/definitions/name"},
        "when": {"$ref": "#/definitions/name"}, "unless": {"$ref": "#/definitions/name"}}}}}
})json";

const std::set<std::string> kOwnCommands = {"run",    "status", "report",  "validate", "config", "plugins", "serve",
                                            "doctor", "trust",  "untrust", "undo",     "init",   "help",    "version"};

Result<void> check_shape(const json::Text& text) {
  auto shape = json::Schema::compile(kShape, "the shape of a descriptor");
  if (!shape) return std::move(shape.error());
  const auto problems = shape->check(text.root());
  if (problems.empty()) return {};
  return text.error_at(problems.front().pointer, problems.front().message);
}

Result<std::vector<std::string>> commands_of(const json::Text& text) {
  std::vector<std::string> names;
  const json::Value* commands = json::find(text.root(), "commands");
  if (commands == nullptr) return names;
  for (const json::Value& command : commands->GetArray()) {
    const std::string name = json::get_string(command, "name");
    const std::string where = "/commands/" + std::to_string(names.size()) + "/name";
    if (kOwnCommands.contains(name)) return text.error_at(where, "\"" + name + "\" is a command of Daydream itself");
    if (std::find(names.begin(), names.end(), name) != names.end()) {
      return text.error_at(where, "\"" + name + "\" is there twice");
    }
    names.push_back(name);
  }
  return names;
}

Result<void> check_report(const json::Text& text) {
  const json::Value* report = json::find(text.root(), "report");
  if (report == nullptr) return {};
  const json::Value& lines = *json::find(*report, "lines");
  for (rapidjson::SizeType index = 0; index < lines.Size(); ++index) {
    const std::string where = "/report/lines/" + std::to_string(index);
    const std::string words = json::get_string(lines[index], "text");
    const std::size_t count = words.find("{n}");
    if (count == std::string::npos || words.find("{n}", count + 1) != std::string::npos) {
      return text.error_at(where + "/text", "expected \"{n}\" once, where the count is to stand");
    }
    const bool metric = json::find(lines[index], "metric") != nullptr;
    if (metric != json::get_strings(lines[index], "rules").empty()) {
      return text.error_at(where, "expected either \"metric\" or \"rules\" (not empty)");
    }
    if (metric && json::find(lines[index], "actions") != nullptr) {
      return text.error_at(where + "/actions", "actions are of findings: they go with \"rules\"");
    }
  }
  return {};
}

// Whether the schema has the option "a.b"; what lies behind a choice or a free key cannot be told: yes.
bool has_option(const json::Value* node, std::string_view option) {
  for (const std::string_view part : text::split(option, '.')) {
    if (node == nullptr || !node->IsObject()) return false;
    for (const char* open : {"additionalProperties", "oneOf", "anyOf", "$ref"}) {
      if (json::find(*node, open) != nullptr) return true;
    }
    const json::Value* options = json::find(*node, "properties");
    if (options == nullptr || !options->IsObject()) return false;
    node = json::find(*options, std::string(part).c_str());
  }
  return node != nullptr;
}

Result<void> check_need(const json::Text& text, const json::Value& need, const std::string& kind, int number) {
  if (!need.IsObject()) return {};
  const std::string where = "/needs/" + kind + "/" + std::to_string(number);
  if ((json::find(need, "name") == nullptr) == (json::find(need, "option") == nullptr))
    return text.error_at(where, R"(expected either "name" or "option": what it is, or the option that says it)");
  for (const char* key : {"option", "when", "unless"}) {
    const std::string option = json::get_string(need, key);
    if (!option.empty() && !has_option(json::find(text.root(), "config_schema"), option))
      return text.error_at(where + "/" + key, "config_schema has no option \"" + option + "\"");
  }
  return {};
}

Result<void> check_needs(const json::Text& text) {
  const json::Value* needs = json::find(text.root(), "needs");
  if (needs == nullptr) return {};
  for (const auto& kind : needs->GetObject()) {
    int number = 0;
    for (const json::Value& need : kind.value.GetArray()) {
      if (auto good = check_need(text, need, json::string_of(kind.name), number++); !good) return good;
    }
  }
  return {};
}

std::string first_undescribed(const json::Value& schema) {
  const json::Value* options = json::find(schema, "properties");
  if (options == nullptr || !options->IsObject()) return "";
  for (const auto& option : options->GetObject()) {
    if (!option.value.IsObject() || json::get_string(option.value, "description").empty()) {
      return json::string_of(option.name);
    }
  }
  return "";
}

}  // namespace

Result<StepDescriptor> parse_descriptor(std::string_view descriptor) {
  json::ParseOptions options;
  options.name = "descriptor";
  options.max_bytes = kMaxDescriptor;
  auto text = json::Text::parse(descriptor, options);
  if (!text) return std::move(text.error());
  if (auto shape = check_shape(*text); !shape) return std::move(shape.error());
  auto commands = commands_of(*text);
  if (!commands) return std::move(commands.error());
  if (auto report = check_report(*text); !report) return std::move(report.error());
  if (auto needs = check_needs(*text); !needs) return std::move(needs.error());
  const json::Value* given = json::find(text->root(), "config_schema");
  std::string schema_json = given == nullptr ? R"({"type":"object","properties":{}})" : json::write(*given);
  auto schema = json::Schema::compile(schema_json, "config_schema");
  if (!schema) return text->error_at("/config_schema", schema.error().message());
  auto empty = json::Text::parse("{}");
  if (!empty) return std::move(empty.error());
  auto defaults = json::Text::parse(json::write(schema->with_defaults(empty->root())));
  if (!defaults) return std::move(defaults.error()).context("config_schema: its defaults");
  return StepDescriptor{json::get_string(text->root(), "id"),
                        json::get_string(text->root(), "version"),
                        std::move(*commands),
                        json::get_strings(text->root(), "services"),
                        given == nullptr ? "" : first_undescribed(*given),
                        std::move(schema_json),
                        std::move(*schema),
                        std::move(*defaults)};
}

Result<StepDescriptor> read_descriptor(const char* descriptor) {
  const std::size_t size = ::strnlen(descriptor, kMaxDescriptor + 1);
  if (size > kMaxDescriptor) return Error(ErrorKind::kInvalid, "descriptor: over 1 MiB, or not NUL-terminated");
  return parse_descriptor({descriptor, size});
}

}  // namespace daydream::conformance
