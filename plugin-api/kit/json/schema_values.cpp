// What the schema needs to know of values: their type, depth, how to name them; filling in defaults.
#include <algorithm>

#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"
#include "schema_nodes.hpp"

namespace daydream::json {

std::size_t depth_of(const Value& value) {
  std::vector<std::pair<const Value*, std::size_t>> work = {{&value, 1}};
  std::size_t deepest = 0;
  while (!work.empty()) {
    const auto [at, depth] = work.back();
    work.pop_back();
    deepest = std::max(deepest, depth);
    const auto push = [&work, below = depth + 1](const Value& child) {
      if (child.IsObject() || child.IsArray()) work.emplace_back(&child, below);
    };
    if (at->IsArray()) std::for_each(at->Begin(), at->End(), push);
    if (at->IsObject())
      std::for_each(at->MemberBegin(), at->MemberEnd(), [&push](const auto& member) { push(member.value); });
  }
  return deepest;
}

unsigned type_of(const Value& value) {
  if (value.IsNull()) return kTypeNull;
  if (value.IsBool()) return kTypeBoolean;
  if (value.IsInt64() || value.IsUint64()) return kTypeInteger;
  if (value.IsNumber()) return kTypeNumber;
  if (value.IsString()) return kTypeString;
  return value.IsArray() ? kTypeArray : kTypeObject;
}

std::string type_name(unsigned types) {
  struct Name {
    unsigned bit;
    const char* text;
  };
  constexpr Name kNames[] = {{kTypeString, "a string"},
                             {kTypeNumber, "a number"},
                             {kTypeInteger, "a whole number"},
                             {kTypeBoolean, "true or false"},
                             {kTypeArray, "an array"},
                             {kTypeObject, "an object"},
                             {kTypeNull, "null"}};
  if ((types & kTypeNumber) != 0) types &= ~static_cast<unsigned>(kTypeInteger);
  std::string text;
  for (const Name& name : kNames) {
    if ((types & name.bit) != 0) text += (text.empty() ? "" : " or ") + std::string(name.text);
  }
  return text;
}

std::string show_value(const Value& value) {
  if (value.IsString())
    return "\"" +
           text::escape_terminal(text::shorten(text::to_utf8({value.GetString(), value.GetStringLength()}), 60)) + "\"";
  if (value.IsArray() || value.IsObject()) return type_name(type_of(value));
  return write(value);
}

namespace {

const Value* default_of(const std::vector<SchemaNode>& nodes, NodeIndex node) {
  while (nodes[node].fallback == nullptr && nodes[node].reference) node = *nodes[node].reference;
  return nodes[node].fallback;
}

class Filler {
 public:
  Filler(const std::vector<SchemaNode>& nodes, Document::AllocatorType& allocator, std::size_t& budget)
      : nodes_(nodes), allocator_(allocator), budget_(budget) {}

  bool fill(NodeIndex index, Value& value, std::size_t depth) {
    if (budget_ == 0 || depth > kMaxValueDepth) return false;
    --budget_;
    while (nodes_[index].reference) index = *nodes_[index].reference;
    const SchemaNode& node = nodes_[index];
    if (value.IsArray() && node.items) {
      for (Value& item : value.GetArray()) {
        if (!fill(*node.items, item, depth + 1)) return false;
      }
    }
    if (value.IsObject() && !fill_object(node, value, depth)) return false;
    return fill_alternative(node.any_of, value, depth) && fill_alternative(node.one_of, value, depth);
  }

 private:
  bool fill_object(const SchemaNode& node, Value& value, std::size_t depth) {
    for (const auto& [key, property] : node.properties) {
      const Value name(rapidjson::StringRef(key.data(), key.size()));
      auto member = value.FindMember(name);
      if (member == value.MemberEnd()) {
        const Value* fallback = default_of(nodes_, property);
        if (fallback == nullptr) continue;
        value.AddMember(Value(key.data(), static_cast<rapidjson::SizeType>(key.size()), allocator_),
                        Value(*fallback, allocator_), allocator_);
        member = value.MemberEnd() - 1;
      }
      if (!fill(property, member->value, depth + 1)) return false;
    }
    if (!node.additional) return true;
    for (auto& member : value.GetObject()) {
      const std::string key = string_of(member.name);
      const bool known = std::any_of(node.properties.begin(), node.properties.end(),
                                     [&key](const auto& property) { return property.first == key; });
      if (!known && !fill(*node.additional, member.value, depth + 1)) return false;
    }
    return true;
  }

  bool fill_alternative(const std::vector<NodeIndex>& alternatives, Value& value, std::size_t depth) {
    for (const NodeIndex alternative : alternatives) {
      if (check_value(nodes_, alternative, value).empty()) return fill(alternative, value, depth);
    }
    return true;
  }

  const std::vector<SchemaNode>& nodes_;
  Document::AllocatorType& allocator_;
  std::size_t& budget_;
};

}  // namespace

bool fill_defaults(const std::vector<SchemaNode>& nodes, NodeIndex node, Value& value,
                   Document::AllocatorType& allocator, std::size_t& budget) {
  return Filler(nodes, allocator, budget).fill(node, value, 1);
}

}  // namespace daydream::json
