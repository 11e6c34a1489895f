// Schema text -> nodes. Whatever is not understood is refused here, with its place.
#include <algorithm>
#include <array>
#include <map>

#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"
#include "schema_nodes.hpp"

namespace daydream::json {

namespace {

const std::vector<std::string>& known_keywords() {
  static const std::vector<std::string> keywords = {"type",
                                                    "enum",
                                                    "properties",
                                                    "additionalProperties",
                                                    "required",
                                                    "items",
                                                    "minItems",
                                                    "maxItems",
                                                    "uniqueItems",
                                                    "minimum",
                                                    "maximum",
                                                    "exclusiveMinimum",
                                                    "minLength",
                                                    "maxLength",
                                                    "pattern",
                                                    "format",
                                                    "exclusiveMaximum",
                                                    "default",
                                                    "title",
                                                    "oneOf",
                                                    "anyOf",
                                                    "definitions",
                                                    "description",
                                                    "$ref",
                                                    "$schema",
                                                    "examples"};
  return keywords;
}

struct TypeName {
  const char* name;
  unsigned bit;
};
constexpr std::array<TypeName, 7> kTypes = {{{"null", kTypeNull},
                                             {"boolean", kTypeBoolean},
                                             {"integer", kTypeInteger},
                                             {"number", kTypeNumber | kTypeInteger},
                                             {"string", kTypeString},
                                             {"array", kTypeArray},
                                             {"object", kTypeObject}}};

struct FormatName {
  const char* name;
  Format format;
};
constexpr std::array<FormatName, 5> kFormats = {{{"duration", Format::kDuration},
                                                 {"size", Format::kSize},
                                                 {"date", Format::kDate},
                                                 {"glob", Format::kGlob},
                                                 {"regex", Format::kRegex}}};

template <class Names>
std::vector<std::string> names_of(const Names& table) {
  std::vector<std::string> names;
  names.reserve(table.size());
  for (const auto& row : table) names.emplace_back(row.name);
  return names;
}

std::string meant(std::string_view word, const std::vector<std::string>& known) {
  const std::string near = text::nearest(word, known);
  return near.empty() ? "; known are " + text::join(known, ", ") : "; did you mean \"" + near + "\"?";
}

// Reads one schema text; the first mistake ends it.
class Compiler {
 public:
  Compiler(const Text& text, std::vector<SchemaNode>& nodes) : text_(text), nodes_(nodes) {}

  Result<void> run() {
    const Value& root = text_.root();
    nodes_.emplace_back();
    declare_definitions(root);
    compile(root, 0, "");
    for (const auto& [name, node] : definitions_) {
      const Value& all = *find(root, "definitions");
      compile(all[name.c_str()], node, "/definitions/" + pointer_part(name));
    }
    if (!failed_) check_cycles();
    if (!failed_) check_defaults();
    if (failed_) return *failed_;
    return {};
  }

 private:
  void fail(const std::string& pointer, const std::string& message) {
    if (!failed_) failed_ = text_.error_at(pointer, message);
  }

  void declare_definitions(const Value& root) {
    const Value* all = find(root, "definitions");
    if (all == nullptr) return;
    if (!all->IsObject()) return fail("/definitions", "expected an object of schemas");
    for (const auto& member : all->GetObject()) {
      if (member.name.GetStringLength() != std::char_traits<char>::length(member.name.GetString()))
        return fail("/definitions", "a name holds a NUL");
      definitions_[string_of(member.name)] = nodes_.size();
      nodes_.emplace_back();
    }
  }

  NodeIndex sub_schema(const Value& value, const std::string& pointer) {
    const NodeIndex node = nodes_.size();
    nodes_.emplace_back();
    compile(value, node, pointer);
    return node;
  }

  void compile(const Value& value, NodeIndex node, const std::string& pointer) {
    if (failed_) return;
    if (!value.IsObject()) return fail(pointer, "expected a schema, which is an object");
    for (const auto& member : value.GetObject()) {
      const std::string keyword = string_of(member.name);
      if (std::find(known_keywords().begin(), known_keywords().end(), keyword) == known_keywords().end())
        return fail(pointer + "/" + pointer_part(keyword),
                    "unknown keyword \"" + text::escape_terminal(keyword) + "\"" + meant(keyword, known_keywords()));
    }
    if (find(value, "definitions") != nullptr && node != 0)
      return fail(pointer + "/definitions", "definitions belong to the top level");
    if (const Value* reference = find(value, "$ref")) return refer(value, *reference, node, pointer);
    nodes_[node].fallback = find(value, "default");
    read_types(value, node, pointer);
    read_object(value, node, pointer);
    read_array(value, node, pointer);
    read_numbers(value, node, pointer);
    read_strings(value, node, pointer);
    nodes_[node].one_of = alternatives(value, "oneOf", pointer);
    nodes_[node].any_of = alternatives(value, "anyOf", pointer);
  }

  void refer(const Value& schema, const Value& reference, NodeIndex node, const std::string& pointer) {
    constexpr std::string_view kPrefix = "#/definitions/";
    for (const auto& member : schema.GetObject()) {
      const std::string keyword = string_of(member.name);
      if (keyword != "$ref" && keyword != "default" && keyword != "title" && keyword != "description")
        return fail(pointer + "/" + pointer_part(keyword), "only default, title and description may stand beside $ref");
    }
    nodes_[node].fallback = find(schema, "default");
    const std::string name = reference.IsString() ? string_of(reference) : "";
    if (name == "#") {
      nodes_[node].reference = 0;
      return;
    }
    const auto found = name.starts_with(kPrefix) ? definitions_.find(name.substr(kPrefix.size())) : definitions_.end();
    if (found == definitions_.end())
      return fail(pointer + "/$ref", "expected \"#\" or \"#/definitions/...\" of this schema");
    nodes_[node].reference = found->second;
  }

  void read_types(const Value& schema, NodeIndex node, const std::string& pointer) {
    if (const Value* type = find(schema, "type")) {
      nodes_[node].types = 0;
      if (type->IsString()) add_type(*type, node, pointer);
      if (type->IsArray()) {
        for (const Value& item : type->GetArray()) add_type(item, node, pointer);
      }
      if (nodes_[node].types == 0) fail(pointer + "/type", "expected the name of a type or a list of them");
    }
    if (const Value* allowed = find(schema, "enum")) {
      if (!allowed->IsArray() || allowed->Empty()) return fail(pointer + "/enum", "expected a list of values");
      nodes_[node].allowed = allowed;
    }
  }

  void add_type(const Value& name, NodeIndex node, const std::string& pointer) {
    const std::string wanted = name.IsString() ? string_of(name) : "";
    for (const TypeName& type : kTypes) {
      if (wanted != type.name) continue;
      nodes_[node].types |= type.bit;
      return;
    }
    fail(pointer + "/type", "unknown type \"" + text::escape_terminal(wanted) + "\"" + meant(wanted, names_of(kTypes)));
  }

  void read_object(const Value& schema, NodeIndex node, const std::string& pointer) {
    if (const Value* properties = find(schema, "properties")) {
      if (!properties->IsObject()) return fail(pointer + "/properties", "expected an object of schemas");
      for (const auto& member : properties->GetObject()) {
        const std::string name = string_of(member.name);
        const NodeIndex property = sub_schema(member.value, pointer + "/properties/" + pointer_part(name));
        nodes_[node].properties.emplace_back(name, property);
      }
    }
    if (const Value* required = find(schema, "required")) {
      if (!required->IsArray()) return fail(pointer + "/required", "expected a list of keys");
      for (const Value& key : required->GetArray()) {
        if (!key.IsString()) return fail(pointer + "/required", "expected a list of keys");
        nodes_[node].required.push_back(string_of(key));
      }
    }
    const Value* additional = find(schema, "additionalProperties");
    const bool is_object = find(schema, "properties") != nullptr || nodes_[node].types == kTypeObject;
    nodes_[node].closed = additional == nullptr ? is_object : additional->IsFalse();
    if (additional == nullptr || additional->IsBool()) return;
    const NodeIndex others = sub_schema(*additional, pointer + "/additionalProperties");
    nodes_[node].additional = others;
  }

  void read_array(const Value& schema, NodeIndex node, const std::string& pointer) {
    nodes_[node].min_items = count(schema, "minItems", pointer);
    nodes_[node].max_items = count(schema, "maxItems", pointer);
    nodes_[node].unique_items = flag(schema, "uniqueItems", pointer);
    if (const Value* items = find(schema, "items")) {
      const NodeIndex item = sub_schema(*items, pointer + "/items");
      nodes_[node].items = item;
    }
  }

  void read_numbers(const Value& schema, NodeIndex node, const std::string& pointer) {
    SchemaNode& target = nodes_[node];
    target.minimum = number(schema, "minimum", pointer);
    target.maximum = number(schema, "maximum", pointer);
    read_exclusive(schema, "exclusiveMinimum", pointer, target.minimum, target.exclusive_minimum);
    read_exclusive(schema, "exclusiveMaximum", pointer, target.maximum, target.exclusive_maximum);
  }

  // A flag beside the limit (draft 4), or the limit itself (draft 6).
  void read_exclusive(const Value& schema, const char* key, const std::string& pointer, std::optional<double>& limit,
                      bool& exclusive) {
    const Value* value = find(schema, key);
    if (value == nullptr) return;
    if (value->IsNumber() && !limit) {
      limit = value->GetDouble();
      exclusive = true;
    } else if (value->IsBool() && limit) {
      exclusive = value->GetBool();
    } else {
      fail(pointer + "/" + key, "expected true or false beside a limit, or a number alone");
    }
  }

  void read_strings(const Value& schema, NodeIndex node, const std::string& pointer) {
    nodes_[node].min_length = count(schema, "minLength", pointer);
    nodes_[node].max_length = count(schema, "maxLength", pointer);
    if (const Value* pattern = find(schema, "pattern")) {
      if (!pattern->IsString()) return fail(pointer + "/pattern", "expected a regular expression in a string");
      const std::string problem = format_problem(Format::kRegex, string_of(*pattern));
      if (!problem.empty()) return fail(pointer + "/pattern", problem);
      nodes_[node].pattern = std::make_unique<re2::RE2>(string_of(*pattern), re2::RE2::Quiet);
    }
    if (const Value* format = find(schema, "format")) {
      const std::string wanted = format->IsString() ? string_of(*format) : "";
      const auto* found = std::find_if(kFormats.begin(), kFormats.end(),
                                       [&wanted](const FormatName& known) { return wanted == known.name; });
      if (found == kFormats.end())
        return fail(pointer + "/format",
                    "unknown format \"" + text::escape_terminal(wanted) + "\"" + meant(wanted, names_of(kFormats)));
      nodes_[node].format = found->format;
    }
  }

  std::vector<NodeIndex> alternatives(const Value& schema, const char* key, const std::string& pointer) {
    std::vector<NodeIndex> found;
    const Value* list = find(schema, key);
    if (list == nullptr) return found;
    const std::string here = pointer + "/" + key;
    if (!list->IsArray() || list->Empty()) {
      fail(here, "expected a list of schemas");
      return found;
    }
    for (rapidjson::SizeType i = 0; i < list->Size(); ++i)
      found.push_back(sub_schema((*list)[i], here + "/" + std::to_string(i)));
    return found;
  }

  std::optional<std::uint64_t> count(const Value& schema, const char* key, const std::string& pointer) {
    const Value* value = find(schema, key);
    if (value == nullptr) return std::nullopt;
    if (value->IsUint64()) return value->GetUint64();
    fail(pointer + "/" + key, "expected a whole number, not negative");
    return std::nullopt;
  }

  std::optional<double> number(const Value& schema, const char* key, const std::string& pointer) {
    const Value* value = find(schema, key);
    if (value == nullptr) return std::nullopt;
    if (value->IsNumber()) return value->GetDouble();
    fail(pointer + "/" + key, "expected a number");
    return std::nullopt;
  }

  bool flag(const Value& schema, const char* key, const std::string& pointer) {
    const Value* value = find(schema, key);
    if (value != nullptr && !value->IsBool()) fail(pointer + "/" + key, "expected true or false");
    return value != nullptr && value->IsTrue();
  }

  // A node that refers to itself without going down in the value would be checked for ever.
  void check_cycles() {
    enum class Mark { kNew, kOpen, kDone };
    std::vector<Mark> marks(nodes_.size(), Mark::kNew);
    std::vector<std::pair<NodeIndex, bool>> work;
    for (NodeIndex start = 0; start < nodes_.size(); ++start) {
      work.emplace_back(start, false);
      while (!work.empty()) {
        const auto [node, leaving] = work.back();
        work.pop_back();
        if (leaving) {
          marks[node] = Mark::kDone;
          continue;
        }
        if (marks[node] == Mark::kDone) continue;
        if (marks[node] == Mark::kOpen) return fail("", "a $ref, oneOf or anyOf leads back to itself");
        marks[node] = Mark::kOpen;
        work.emplace_back(node, true);
        for (const NodeIndex next : same_value(nodes_[node])) work.emplace_back(next, false);
      }
    }
  }

  static std::vector<NodeIndex> same_value(const SchemaNode& node) {
    std::vector<NodeIndex> all = node.one_of;
    all.insert(all.end(), node.any_of.begin(), node.any_of.end());
    if (node.reference) all.push_back(*node.reference);
    return all;
  }

  // Defaults that fill in themselves without end, or that their own schema refuses.
  void check_defaults() {
    constexpr std::size_t kMostValues = 10'000;
    for (NodeIndex node = 0; node < nodes_.size() && !failed_; ++node) {
      if (nodes_[node].fallback == nullptr) continue;
      Document copy;
      copy.CopyFrom(*nodes_[node].fallback, copy.GetAllocator());
      std::size_t budget = kMostValues;
      if (!fill_defaults(nodes_, node, copy, copy.GetAllocator(), budget))
        return fail("", "the default " + show_value(*nodes_[node].fallback) + " fills in others without end");
      const auto problems = check_value(nodes_, node, copy);
      if (!problems.empty())
        return fail("", "the default " + show_value(*nodes_[node].fallback) +
                            " is not what its schema allows: " + problems.front().message);
    }
  }

  const Text& text_;
  std::vector<SchemaNode>& nodes_;
  std::map<std::string, NodeIndex> definitions_;
  std::optional<Error> failed_;
};

}  // namespace

Schema::Schema(std::shared_ptr<const State> state) : state_(std::move(state)) {}
Schema::Schema(Schema&&) noexcept = default;
Schema& Schema::operator=(Schema&&) noexcept = default;
Schema::~Schema() = default;

Result<Schema> Schema::compile(std::string_view schema_json, const std::string& name) {
  ParseOptions options;
  options.name = name;
  auto text = Text::parse(schema_json, options);
  if (!text) return text.error();
  auto state = std::make_shared<State>();
  state->text = std::make_unique<Text>(std::move(*text));
  auto compiled = Compiler(*state->text, state->nodes).run();
  if (!compiled) return compiled.error();
  return Schema(std::move(state));
}

std::vector<Problem> Schema::check(const Value& value) const {
  return check_value(state_->nodes, 0, value);
}

Document Schema::with_defaults(const Value& value) const {
  Document filled;
  if (depth_of(value) > kMaxValueDepth) return filled;  // check() refuses it
  filled.CopyFrom(value, filled.GetAllocator());
  // NOLINTNEXTLINE(clang-analyzer-cplusplus.NewDeleteLeaks): RapidJSON's document owns its allocator
  std::size_t budget = std::size_t{1} << 24;  // each default was shown to end; this bounds memory
  fill_defaults(state_->nodes, 0, filled, filled.GetAllocator(), budget);
  return filled;
}

}  // namespace daydream::json
