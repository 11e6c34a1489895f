#include "manifest/tree.hpp"

#include <charconv>
#include <optional>
#include <system_error>
#include <utility>

#include "daydream/kit/text.hpp"

namespace daydream::manifest {
namespace {

std::optional<std::size_t> parse_index(std::string_view part) {
  std::size_t index = 0;
  const auto [end, problem] = std::from_chars(part.data(), part.data() + part.size(), index);
  if (problem != std::errc() || end != part.data() + part.size()) return std::nullopt;
  return index;
}

// The first part of a pointer and the rest: "/a/b" -> "a", "/b".
std::pair<std::string_view, std::string_view> first_part(std::string_view pointer) {
  pointer.remove_prefix(1);
  const auto end = std::min(pointer.find('/'), pointer.size());
  return {pointer.substr(0, end), pointer.substr(end)};
}

// Where a value stands in the manifest decides how it is read.
enum class Position { kRoot, kTop, kSteps, kNamed, kInside, kElement };

Node read(const File& file, const json::Value& value, std::string pointer, Position position);

Node list_of(const File& file, const json::Value& list, std::string pointer, bool steps) {
  Node node{
      steps ? Node::Kind::kSteps : Node::Kind::kList, &file, std::move(pointer), &list, {}, false, {}, {}, {}, false};
  node.members.reserve(list.Size());
  for (rapidjson::SizeType i = 0; i < list.Size(); ++i) {
    std::string key = steps && list[i].IsObject() ? json::get_string(list[i], "id") : "";
    node.members.push_back(
        {std::move(key), read(file, list[i], node.pointer + "/" + std::to_string(i), Position::kElement)});
  }
  return node;
}

// A step may be called "append" (below "hosts"), and a step's options as a whole are no list.
bool may_operate(Position position) {
  return position == Position::kSteps || position == Position::kInside;
}

Position below(Position position, const std::string& key) {
  if (position == Position::kRoot) return key == "steps" ? Position::kSteps : Position::kTop;
  if (position == Position::kElement && key == "config") return Position::kNamed;
  return Position::kInside;
}

Node read(const File& file, const json::Value& value, std::string pointer, Position position) {
  if (value.IsArray()) return list_of(file, value, std::move(pointer), position == Position::kSteps);
  Node node{Node::Kind::kLeaf, &file, std::move(pointer), &value, {}, false, {}, {}, {}, false};
  if (!value.IsObject()) return node;
  const bool operation = may_operate(position) && is_operation(value);
  node.kind = operation ? Node::Kind::kOperation : Node::Kind::kObject;
  for (const auto& member : value.GetObject()) {
    std::string key = json::string_of(member.name);
    if (position == Position::kRoot && (key == "extends" || key == "$schema" || key == "final")) continue;
    std::string place = node.pointer + "/" + json::pointer_part(key);
    const bool of_steps = position == Position::kSteps && operation && key == "append";
    Node child = operation ? list_of(file, member.value, std::move(place), of_steps)
                           : read(file, member.value, std::move(place), below(position, key));
    node.members.push_back({std::move(key), std::move(child)});
  }
  return node;
}

void write(const Node& node, json::Writer& writer) {
  if (node.kind == Node::Kind::kLeaf) {
    writer.value(*node.value);
    return;
  }
  const bool object = node.kind == Node::Kind::kObject || node.kind == Node::Kind::kOperation;
  object ? writer.begin_object() : writer.begin_array();
  for (const Member& member : node.members) {
    if (object) writer.key(member.key);
    write(member.node, writer);
  }
  object ? writer.end_object() : writer.end_array();
}

const Node* child(const Node& node, std::string_view part) {
  if (node.kind == Node::Kind::kList || node.kind == Node::Kind::kSteps) {
    const auto index = parse_index(part);
    return index && *index < node.members.size() ? &node.members[*index].node : nullptr;
  }
  for (const Member& member : node.members) {
    if (json::pointer_part(member.key) == part) return &member.node;
  }
  return nullptr;
}

}  // namespace

std::string Place::text() const {
  const json::Position at = file->text.position(pointer);
  return file->text.name() + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
}

std::string Place::line() const {
  return file->text.name() + ":" + std::to_string(file->text.position(pointer).line);
}

const Node* Node::find(std::string_view key) const {
  for (const Member& member : members) {
    if (member.key == key) return &member.node;
  }
  return nullptr;
}

Node* Node::find(std::string_view key) {
  return const_cast<Node*>(std::as_const(*this).find(key));  // NOLINT(cppcoreguidelines-pro-type-const-cast)
}

Node node_of(const File& file, const json::Value& value) {
  return read(file, value, "", Position::kRoot);
}

bool is_operation(const json::Value& value) {
  if (!value.IsObject() || value.ObjectEmpty()) return false;
  for (const auto& member : value.GetObject()) {
    const std::string key = json::string_of(member.name);
    if ((key != "append" && key != "remove") || !member.value.IsArray()) return false;
  }
  return true;
}

std::string to_json(const Node& node) {
  json::Writer writer;
  write(node, writer);
  return writer.take();
}

Place Tree::place(std::string_view pointer) const {
  const Node* node = &root;
  while (!pointer.empty()) {
    const auto [part, rest] = first_part(pointer);
    const Node* next = child(*node, part);
    if (next == nullptr) break;
    node = next;
    pointer = rest;
  }
  return {node->file, node->pointer + std::string(pointer)};
}

bool has_value(const json::Value& root, std::string_view pointer) {
  const json::Value* value = &root;
  while (!pointer.empty()) {
    const auto [part, rest] = first_part(pointer);
    pointer = rest;
    const json::Value* next = nullptr;
    if (value->IsObject()) {
      for (const auto& member : value->GetObject()) {
        if (json::pointer_part(json::string_of(member.name)) == part) next = &member.value;
      }
    } else if (const auto index = parse_index(part); value->IsArray() && index && *index < value->Size()) {
      next = &(*value)[static_cast<rapidjson::SizeType>(*index)];
    }
    if (next == nullptr) return false;
    value = next;
  }
  return true;
}

std::string shown_path(const Path& path) {
  std::error_code ignored;
  const Path here = std::filesystem::current_path(ignored);
  const Path relative = ignored ? path : path.lexically_relative(here);
  const bool below_here = !relative.empty() && *relative.begin() != "..";
  return text::show_path(below_here ? relative.native() : path.native());
}

}  // namespace daydream::manifest
