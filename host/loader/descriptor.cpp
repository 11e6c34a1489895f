#include "loader/descriptor.hpp"

#include <algorithm>
#include <array>

#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"
#include "loader/needs.hpp"

namespace daydream::loader {
namespace {

constexpr std::size_t kMaxDescriptor = std::size_t{1} << 20;

// The shape; what a schema cannot say is checked below. In words: plugin-api/guides/descriptor.md.
constexpr const char* kShape = R"json({
  "type": "object",
  "required": ["id", "version", "summary"],
  "properties": {
    "id": {"type": "string", "minLength": 1, "maxLength": 64},
    "version": {"type": "string", "minLength": 1, "maxLength": 64},
    "summary": {"type": "string", "minLength": 1, "maxLength": 400},
    "role": {"type": "string", "enum": ["step", "report"]},
    "config_schema": {"type": "object", "additionalProperties": {}},
    "checkpoint_schema": {"type": "integer", "minimum": 1, "maximum": 2147483647},
    "memory_schema": {"type": "integer", "minimum": 1, "maximum": 2147483647},
    "services": {"$ref": "#/definitions/names"},
    "needs": {"type": "object", "properties": {
      "hosts": {"$ref": "#/definitions/needs"}, "secrets": {"$ref": "#/definitions/needs"},
      "inputs": {"$ref": "#/definitions/needs"}, "outputs": {"$ref": "#/definitions/needs"}}},
    "commands": {"type": "array", "maxItems": 64, "items": {"type": "object", "required": ["name", "summary"],
      "properties": {"name": {"type": "string", "minLength": 1, "maxLength": 64},
        "summary": {"type": "string", "minLength": 1, "maxLength": 400},
        "usage": {"type": "string", "maxLength": 20000}}}},
    "report": {"type": "object", "required": ["title", "lines"], "properties": {
      "title": {"type": "string", "minLength": 1, "maxLength": 200},
      "lines": {"type": "array", "maxItems": 64, "items": {"type": "object", "required": ["text"], "properties": {
        "text": {"type": "string", "minLength": 1, "maxLength": 400},
        "metric": {"type": "string", "minLength": 1, "maxLength": 200},
        "rules": {"$ref": "#/definitions/names"},
        "actions": {"$ref": "#/definitions/names"}}}}}}
  },
  "definitions": {
    "name": {"type": "string", "minLength": 1, "maxLength": 200},
    "names": {"type": "array", "maxItems": 256, "items": {"$ref": "#/definitions/name"}},
    "needs": {"type": "array", "maxItems": 256, "items": {"type": ["string", "object"],
      "minLength": 1, "maxLength": 200, "properties": {
        "name": {"$ref": "#/definitions/name"}, "option": {"$ref": "#/definitions/name"},
        "when": {"$ref": "#/definitions/name"}, "unless": {"$ref": "#/definitions/name"}}}}}
})json";

const std::vector<std::string> kServices = {"daydream.run/1", "daydream.state/1", "daydream.changes/1",
                                            "daydream.http/1"};
const std::vector<std::string> kOwnCommands = {"run",     "status", "report", "validate", "config",
                                               "plugins", "serve",  "doctor", "trust",    "untrust",
                                               "undo",    "init",   "help",   "version"};

bool lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool digit(char c) {
  return c >= '0' && c <= '9';
}

// A lower-case letter, then letters, digits and `also`.
bool is_word(std::string_view word, char also) {
  return !word.empty() && lower(word.front()) &&
         std::all_of(word.begin(), word.end(), [&](char c) { return lower(c) || digit(c) || c == also; });
}

bool is_id(std::string_view id) {
  const std::size_t slash = id.find('/');
  if (slash == std::string_view::npos) return is_word(id, '_');
  return is_word(id.substr(0, slash), '_') && is_word(id.substr(slash + 1), '_');
}

// Three numbers, then perhaps "-" or "+" and more.
bool is_version(std::string_view version) {
  const std::size_t end = std::min(version.find_first_of("-+"), version.size());
  const auto parts = text::split(version.substr(0, end), '.');
  if (parts.size() != 3) return false;
  for (std::string_view part : parts) {
    if (part.empty() || part.size() > 9 || !std::all_of(part.begin(), part.end(), digit)) return false;
  }
  const std::string_view tail = version.substr(end);
  return tail.size() != 1 && std::all_of(tail.begin(), tail.end(), [](char c) {
           return lower(c) || digit(c) || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '+';
         });
}

Result<void> check_shape(const json::Text& descriptor) {
  static const Result<json::Schema> schema = json::Schema::compile(kShape, "the descriptor's schema");
  if (!schema) return Error(schema.error()).as(ErrorKind::kInternal);
  const auto problems = schema->check(descriptor.root());
  if (problems.empty()) return {};
  return descriptor.error_at(problems.front().pointer, problems.front().message);
}

std::string unknown_service(const std::string& service) {
  const std::string near = text::nearest(service, kServices);
  return "this Daydream has no service \"" + text::escape_terminal(service) + "\"; " +
         (near.empty() ? "" : "did you mean \"" + near + "\"? If not, ") +
         "install a Daydream that has it, or a version of the step that needs less";
}

Result<void> check_names(const json::Text& text, Descriptor& descriptor) {
  if (!is_id(descriptor.id))
    return text.error_at("/id",
                         "expected lower-case letters, digits and '_', beginning with a letter, perhaps as "
                         "vendor/name, not \"" +
                             text::escape_terminal(descriptor.id) + "\"");
  if (!is_version(descriptor.version))
    return text.error_at("/version",
                         "expected a version such as 1.2.3, not \"" + text::escape_terminal(descriptor.version) + "\"");
  for (std::size_t i = 0; i < descriptor.services.size(); ++i) {
    const std::string& service = descriptor.services[i];
    if (std::find(kServices.begin(), kServices.end(), service) != kServices.end()) continue;
    return text.error_at("/services/" + std::to_string(i), unknown_service(service));
  }
  return {};
}

Result<void> read_commands(const json::Text& text, Descriptor& descriptor) {
  const json::Value* commands = json::find(text.root(), "commands");
  if (commands == nullptr) return {};
  for (rapidjson::SizeType i = 0; i < commands->Size(); ++i) {
    const json::Value& node = (*commands)[i];
    CommandSpec command{json::get_string(node, "name"), json::get_string(node, "summary"),
                        json::get_string(node, "usage")};
    const std::string where = "/commands/" + std::to_string(i) + "/name";
    if (!is_word(command.name, '-'))
      return text.error_at(where, "expected lower-case letters, digits and '-', beginning with a letter");
    if (std::find(kOwnCommands.begin(), kOwnCommands.end(), command.name) != kOwnCommands.end())
      return text.error_at(where, "\"" + command.name + "\" is a command of Daydream itself");
    for (const CommandSpec& other : descriptor.commands)
      if (other.name == command.name) return text.error_at(where, "\"" + command.name + "\" is there twice");
    descriptor.commands.push_back(std::move(command));
  }
  return {};
}

Result<ReportLine> read_line(const json::Text& text, const json::Value& node, const std::string& where) {
  ReportLine line{json::get_string(node, "text"), json::get_string(node, "metric"), json::get_strings(node, "rules"),
                  json::get_strings(node, "actions")};
  const std::size_t count = line.text.find("{n}");
  if (count == std::string::npos || line.text.find("{n}", count + 1) != std::string::npos)
    return text.error_at(where + "/text", "expected \"{n}\" once, where the count is to stand");
  if (line.metric.empty() == line.rules.empty())
    return text.error_at(where, "expected either \"metric\" or \"rules\" (not empty)");
  if (!line.metric.empty() && json::find(node, "actions") != nullptr)
    return text.error_at(where + "/actions", "actions are of findings: they go with \"rules\", not with \"metric\"");
  for (std::size_t i = 0; i < line.actions.size(); ++i) {
    if (auto action = action_of(line.actions[i]); !action)
      return text.error_at(where + "/actions/" + std::to_string(i), action.error().message());
  }
  if (line.metric.empty() && line.actions.empty()) line.actions = {"applied"};
  return line;
}

Result<void> read_report(const json::Text& text, Descriptor& descriptor) {
  const json::Value* report = json::find(text.root(), "report");
  if (report == nullptr) return {};
  descriptor.report.title = json::get_string(*report, "title");
  const json::Value& lines = *json::find(*report, "lines");
  for (rapidjson::SizeType i = 0; i < lines.Size(); ++i) {
    auto line = read_line(text, lines[i], "/report/lines/" + std::to_string(i));
    if (!line) return std::move(line.error());
    descriptor.report.lines.push_back(std::move(*line));
  }
  return {};
}

Result<void> read_schema(const json::Text& text, Descriptor& descriptor) {
  const json::Value* schema = json::find(text.root(), "config_schema");
  descriptor.config_schema = schema == nullptr ? R"({"type":"object","properties":{}})" : json::write(*schema);
  auto compiled = json::Schema::compile(descriptor.config_schema, "config_schema");
  if (!compiled) return text.error_at("/config_schema", compiled.error().message());
  return {};
}

Descriptor read_plain(const json::Value& root) {
  Descriptor result;
  result.id = json::get_string(root, "id");
  result.version = json::get_string(root, "version");
  result.summary = json::get_string(root, "summary");
  result.role = json::get_string(root, "role", "step");
  result.checkpoint_schema = static_cast<std::uint32_t>(json::get_int(root, "checkpoint_schema", 1));
  result.memory_schema = static_cast<std::uint32_t>(json::get_int(root, "memory_schema", 1));
  result.services = json::get_strings(root, "services");
  return result;
}

}  // namespace

Result<Descriptor> parse_descriptor(std::string_view json, const std::string& plugin_file) {
  json::ParseOptions options;
  options.name = "plugin " + plugin_file + ": descriptor";
  options.max_bytes = kMaxDescriptor;
  auto parsed = json::Text::parse(json, options);
  if (!parsed) return std::move(parsed.error()).as(ErrorKind::kInvalid);
  if (auto shape = check_shape(*parsed); !shape) return std::move(shape.error());
  Descriptor result = read_plain(parsed->root());
  result.json = json;
  for (auto* step : {check_names, read_commands, read_report, read_schema}) {
    if (auto done = step(*parsed, result); !done) return std::move(done.error());
  }
  auto needs = read_needs(*parsed);
  if (!needs) return std::move(needs.error());
  result.needs = std::move(*needs);
  return result;
}

}  // namespace daydream::loader
