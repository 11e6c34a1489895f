#include "manifest/tree.hpp"

#include <charconv>
#include <system_error>
#include <unordered_map>
#include <utility>

#include "daydream/kit/text.hpp"
#include "manifest/pipeline.hpp"

namespace daydream::manifest {
namespace {

std::string index_part(std::size_t index) {
  return "/" + std::to_string(index);
}

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

Node steps_of(const File& file, const json::Value& list, const std::string& pointer) {
  Node node{Node::Kind::kSteps, &file, pointer, &list, {}};
  for (rapidjson::SizeType i = 0; i < list.Size(); ++i) {
    node.members.push_back({json::get_string(list[i], "id"), node_of(file, list[i], pointer + index_part(i), false)});
  }
  return node;
}

using Index = std::unordered_map<std::string, std::size_t>;

Index index_of(const std::vector<Member>& members) {
  Index index;
  for (std::size_t i = 0; i < members.size(); ++i) index.emplace(members[i].key, i);
  return index;
}

void merge_objects(Node& into, Node&& from) {
  Index known = index_of(into.members);
  for (Member& member : from.members) {
    const auto found = known.find(member.key);
    if (found != known.end()) {
      merge(into.members[found->second].node, std::move(member.node));
    } else {
      into.members.push_back(std::move(member));
    }
  }
}

// Where a new step of `from` (its `i`th) goes.
std::size_t place_of_new(const std::vector<Member>& into, const std::vector<Member>& from, std::size_t i) {
  const Index known = index_of(into);
  if (i > 0) {
    const auto before = known.find(from[i - 1].key);
    if (before != known.end()) return before->second + 1;
  }
  for (std::size_t next = i + 1; next < from.size(); ++next) {
    const auto behind = known.find(from[next].key);
    if (behind != known.end()) return behind->second;
  }
  return into.size();
}

void merge_steps(Node& into, Node&& from) {
  for (std::size_t i = 0; i < from.members.size(); ++i) {
    Member step{from.members[i].key, std::move(from.members[i].node)};
    const Index known = index_of(into.members);
    const auto found = known.find(step.key);
    if (found != known.end()) {
      merge(into.members[found->second].node, std::move(step.node));
      continue;
    }
    const auto at = static_cast<std::ptrdiff_t>(place_of_new(into.members, from.members, i));
    into.members.insert(into.members.begin() + at, std::move(step));
  }
}

void write(const Node& node, json::Writer& writer) {
  if (node.kind == Node::Kind::kLeaf) {
    writer.value(*node.value);
    return;
  }
  const bool object = node.kind == Node::Kind::kObject;
  object ? writer.begin_object() : writer.begin_array();
  for (const Member& member : node.members) {
    if (object) writer.key(member.key);
    write(member.node, writer);
  }
  object ? writer.end_object() : writer.end_array();
}

}  // namespace

const Node* Node::find(std::string_view key) const {
  for (const Member& member : members) {
    if (member.key == key) return &member.node;
  }
  return nullptr;
}

Node node_of(const File& file, const json::Value& value, std::string pointer, bool top) {
  Node node{Node::Kind::kLeaf, &file, std::move(pointer), &value, {}};
  if (!value.IsObject()) return node;
  node.kind = Node::Kind::kObject;
  for (const auto& member : value.GetObject()) {
    std::string key = json::string_of(member.name);
    if (top && (key == "extends" || key == "$schema")) continue;
    std::string place = node.pointer + "/" + json::pointer_part(key);
    const bool steps = top && key == "steps";
    Node child = steps ? steps_of(file, member.value, place) : node_of(file, member.value, std::move(place), false);
    node.members.push_back({std::move(key), std::move(child)});
  }
  return node;
}

void merge(Node& into, Node&& from) {
  if (into.kind != from.kind || into.kind == Node::Kind::kLeaf) {
    into = std::move(from);
    return;
  }
  into.file = from.file;
  into.pointer = from.pointer;
  into.value = from.value;
  if (into.kind == Node::Kind::kSteps) {
    merge_steps(into, std::move(from));
  } else {
    merge_objects(into, std::move(from));
  }
}

std::string to_json(const Node& node) {
  json::Writer writer;
  write(node, writer);
  return writer.take();
}

Place Tree::place(std::string_view pointer) const {
  const Node* node = &root;
  while (!pointer.empty() && node->kind != Node::Kind::kLeaf) {
    const auto [part, rest] = first_part(pointer);
    const Node* next = nullptr;
    const auto index = parse_index(part);
    if (node->kind == Node::Kind::kSteps && index && *index < node->members.size()) {
      next = &node->members[*index].node;
    } else if (node->kind == Node::Kind::kObject) {
      for (const Member& member : node->members) {
        if (json::pointer_part(member.key) == part) next = &member.node;
      }
    }
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

std::string describe(const json::Text& text, const json::Problem& problem, const std::string& base_pointer) {
  const std::string pointer = base_pointer + problem.pointer;
  const std::string key_pointer = pointer + "/" + json::pointer_part(problem.key);
  if (problem.key.empty() || !has_value(text.root(), key_pointer)) {
    return text.error_at(pointer, problem.message).message();
  }
  const json::Position at = text.key_position(key_pointer);
  return text.name() + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) + ": " +
         json::readable_pointer(pointer) + ": " + problem.message;
}

std::string shown_path(const Path& path) {
  std::error_code ignored;
  const Path here = std::filesystem::current_path(ignored);
  const Path relative = ignored ? path : path.lexically_relative(here);
  const bool below = !relative.empty() && *relative.begin() != "..";
  return text::show_path(below ? relative.native() : path.native());
}

std::string Loaded::where(std::string_view pointer) const {
  const Place place = tree->place(pointer);
  const json::Position at = place.file->text.position(place.pointer);
  return place.file->text.name() + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
}

Error Loaded::error_at(std::string_view pointer, std::string_view message) const {
  const Place place = tree->place(pointer);
  return place.file->text.error_at(place.pointer, message);
}

Error Loaded::config_error(const Step& step, const json::Problem& problem) const {
  const Place parent = tree->place(step.config_pointer + problem.pointer);
  const Place place = problem.key.empty()
                          ? parent
                          : tree->place(step.config_pointer + problem.pointer + "/" + json::pointer_part(problem.key));
  if (problem.key.empty() || !has_value(place.file->text.root(), place.pointer)) {
    return parent.file->text.error_at(parent.pointer, problem.message);
  }
  const std::size_t cut = place.pointer.rfind('/');
  return {ErrorKind::kInvalid,
          describe(place.file->text, {"", problem.key, problem.message}, place.pointer.substr(0, cut))};
}

}  // namespace daydream::manifest
