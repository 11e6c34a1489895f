#include "manifest/finals.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "daydream/kit/text.hpp"
#include "manifest/parameters.hpp"
#include "manifest/schema.hpp"

namespace daydream::manifest {
namespace {

using Keys = std::vector<std::string>;

const json::Text& schema_text() {
  static const json::Text text = [] {
    auto parsed = json::Text::parse(schema_json(), {.name = "manifest.schema.json", .positions = false});
    if (!parsed) broken_contract(parsed.error().message().c_str());
    return std::move(parsed).value();
  }();
  return text;
}

// What a part of the schema says, behind "$ref" and, of several forms, in the plain one.
const json::Value& form(const json::Value& schema) {
  const json::Value* part = &schema;
  while (true) {
    if (const json::Value* reference = json::find(*part, "$ref")) {
      const std::string name = json::string_of(*reference).substr(std::string("#/definitions/").size());
      part = json::find(*json::find(schema_text().root(), "definitions"), name.c_str());
    } else if (const json::Value* forms = json::find(*part, "anyOf")) {
      part = &(*forms)[0];
    } else {
      return *part;
    }
  }
}

std::vector<std::string> names_of(const json::Value& properties) {
  std::vector<std::string> names;
  for (const auto& member : properties.GetObject()) {
    const std::string name = json::string_of(member.name);
    if (name != "$schema" && name != "manifest" && name != "extends" && name != "final") names.push_back(name);
  }
  return names;
}

std::string unknown(const std::string& what, const std::string& key, const std::vector<std::string>& known) {
  const std::string near = text::nearest(key, known);
  return std::string("no ")
      .append(what)
      .append(" \"")
      .append(text::escape_terminal(key))
      .append("\"")
      .append(near.empty() ? "; it could be " + text::join(known, ", ") : "; did you mean \"" + near + "\"?");
}

// What is wrong with a key, as the schema knows them. `ids`: of all steps that any file names.
std::optional<std::string> wrong_key(const Keys& keys, const std::vector<std::string>& ids) {
  const json::Value* part = &schema_text().root();
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const json::Value* properties = json::find(form(*part), "properties");
    const json::Value* additional = json::find(form(*part), "additionalProperties");
    if (i == 1 && keys[0] == "steps") {
      if (std::find(ids.begin(), ids.end(), keys[i]) == ids.end()) return unknown("step", keys[i], ids);
      part = json::find(form(*part), "items");
      continue;
    }
    const json::Value* known = properties == nullptr ? nullptr : json::find(*properties, keys[i].c_str());
    if (known == nullptr && additional != nullptr && additional->IsObject()) return std::nullopt;  // anything goes
    if (known == nullptr) {
      return unknown("key", keys[i], properties == nullptr ? Keys{} : names_of(*properties));
    }
    part = known;
  }
  return std::nullopt;
}

// The steps that a file names, in a plain list or among what it appends.
const Node* steps_of(const Node& own) {
  const Node* steps = own.find("steps");
  return steps != nullptr && steps->kind == Node::Kind::kOperation ? steps->find("append") : steps;
}

// The value that one file gives to a key, or nullptr.
const Node* given(const Node& own, const Keys& keys) {
  const Node* node = &own;
  for (std::size_t i = 0; node != nullptr && i < keys.size(); ++i) {
    node = i == 0 && keys[0] == "steps" ? steps_of(*node) : node->find(keys[i]);
  }
  return node;
}

Keys split_keys(const std::string& shown) {
  Keys keys;
  for (const std::string_view part : text::split(shown, '.')) keys.emplace_back(part);
  return keys;
}

// The node that a key names in what one file says, or the nearest thing that stands in its place.
const Node* touched(const Node& own, const Keys& keys) {
  const Node* node = &own;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (node->kind == Node::Kind::kOperation && i == 1 && keys[0] == "steps") {
      const Node* taken = node->find("remove");
      for (std::size_t k = 0; taken != nullptr && k < taken->members.size(); ++k) {
        if (json::string_of(*taken->members[k].node.value) == keys[1]) return &taken->members[k].node;
      }
      node = node->find("append");
      if (node == nullptr) return nullptr;
    }
    if (node->kind != Node::Kind::kObject && node->kind != Node::Kind::kSteps) return node;
    node = node->find(keys[i]);
    if (node == nullptr) return nullptr;
  }
  const bool map = node->kind == Node::Kind::kObject || (node->kind == Node::Kind::kSteps && keys.size() > 1);
  if (!map) return node;
  // A step that is named only to say where others stand is not touched, nor is an object by an empty one.
  for (const Member& member : node->members) {
    if (keys[0] != "steps" || keys.size() != 2 || member.key != "id") return &member.node;
  }
  return nullptr;
}

class Check {
 public:
  Check(const std::vector<Layer>& layers, Tree& tree, Problems& problems)
      : layers_(layers), tree_(tree), problems_(problems) {
    for (const Layer& layer : layers) {
      own_.push_back(node_of(*layer.file, layer.file->text.root()));
      const Node* steps = steps_of(own_.back());
      for (std::size_t i = 0; steps != nullptr && i < steps->members.size(); ++i) add_id(steps->members[i].key);
    }
  }

  void run() {
    for (const Layer& layer : layers_) collect(*layer.file);
    const std::size_t said = tree_.finals.size();
    for (std::size_t i = 0; i < said; ++i) add_parameters(i);
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      for (const Final& final : tree_.finals) check(final, *layers_[i].file, own_[i]);
    }
  }

 private:
  void add_id(const std::string& id) {
    if (std::find(ids_.begin(), ids_.end(), id) == ids_.end()) ids_.push_back(id);
  }

  void collect(const File& file) {
    const json::Value* list = json::find(file.text.root(), "final");
    for (rapidjson::SizeType i = 0; list != nullptr && i < list->Size(); ++i) {
      const std::string shown = json::string_of((*list)[i]);
      Final final{split_keys(shown), shown, {&file, "/final/" + std::to_string(i)}};
      if (auto wrong = wrong_key(final.keys, ids_)) {
        problems_.at(final.place, *wrong);
        continue;
      }
      if (needs_value(final)) continue;
      tree_.finals.push_back(std::move(final));
    }
  }

  // An option of a step that nobody gives follows `defaults`, which others may change.
  bool needs_value(const Final& final) {
    if (final.keys.size() < 3 || final.keys[0] != "steps" || final.keys[2] == "config") return false;
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      if (given(own_[i], final.keys) != nullptr && builds_upon(final.place.file, layers_[i].file)) return false;
    }
    problems_.at(final.place, "what has no value cannot be final: give the step its \"" +
                                  text::escape_terminal(final.keys.back()) + "\" here");
    return true;
  }

  // Whoever changes a parameter changes all that it stands in.
  void add_parameters(std::size_t of) {
    const Final user = tree_.finals[of];
    for (const Node& own : own_) {
      const Node* node = given(own, user.keys);
      if (node == nullptr || !builds_upon(user.place.file, node->file)) continue;
      for (const std::string& name : parameters_in(*node)) {
        tree_.finals.push_back({{"parameters", name}, user.shown, user.place});
      }
    }
  }

  [[nodiscard]] bool builds_upon(const File* upper, const File* lower) const {
    std::vector<const File*> waiting{upper};
    std::set<const File*> seen;
    while (!waiting.empty()) {
      const File* file = waiting.back();
      waiting.pop_back();
      if (file == lower) return true;
      if (!seen.insert(file).second) continue;
      const auto layer =
          std::find_if(layers_.begin(), layers_.end(), [file](const Layer& each) { return each.file == file; });
      if (layer != layers_.end()) waiting.insert(waiting.end(), layer->bases.begin(), layer->bases.end());
    }
    return false;
  }

  void check(const Final& final, const File& file, const Node& own) {
    const Node* breach = touched(own, final.keys);
    if (breach == nullptr || builds_upon(final.place.file, &file)) return;
    problems_.at(breach->place(), "final: only " + final.place.file->text.name() + " and what it extends may say \"" +
                                      text::escape_terminal(final.shown) + "\" (" + final.place.line() +
                                      "); leave it out here");
  }

  const std::vector<Layer>& layers_;
  std::vector<Node> own_;         // of each layer: what its file says by itself
  std::vector<std::string> ids_;  // of all steps that any file names
  Tree& tree_;
  Problems& problems_;
};

}  // namespace

void check_finals(const std::vector<Layer>& layers, Tree& tree, Problems& problems) {
  Check(layers, tree, problems).run();
}

}  // namespace daydream::manifest
