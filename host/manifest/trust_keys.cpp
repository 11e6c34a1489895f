#include <algorithm>

#include "daydream/kit/text.hpp"
#include "manifest/build.hpp"
#include "manifest/parameters.hpp"
#include "manifest/shelves.hpp"

namespace daydream::manifest {
namespace {

class TrustKeys {
 public:
  TrustKeys(const Tree& tree, const Path& repository) : tree_(tree), repository_(real(repository)) {}

  std::vector<std::string> collect(const Pipeline& pipeline) {
    const File& main = *tree_.root.file;
    const bool found_inside = lies_below(real(main.path.parent_path()), repository_);
    const bool is_inside = lies_below(real(main.path), repository_);
    if (!found_inside && !is_inside) return {};
    if (!is_inside) keys_.push_back(main.text.name() + ": a symbolic link out of the repository");
    for (const auto& file : tree_.files) {
      if (file.get() == &main || file->shelf != Shelf::kFree || lies_below(real(file->path), repository_)) continue;
      keys_.push_back(file->text.name() + ": a file outside the repository that it extends");
    }
    for (const char* key : {"verify", "workspace", "inputs", "hosts", "secrets"}) {
      if (const Node* node = tree_.root.find(key)) add_foreign(*node);
    }
    if (pipeline.mode == Mode::kInPlace) add_foreign(*tree_.root.find("mode"));
    parameters();
    for (const Step& step : pipeline.steps) {
      const Node& node = *tree_.root.find("steps")->find(step.id);
      reach(step, node);
      granted(step, node);
    }
    return std::move(keys_);
  }

 private:
  // The machine's base is an administrator's word; all else of the chain came by way of the repository.
  static bool is_foreign(const Node& node) { return node.file->shelf != Shelf::kMachine; }
  // The first place at or below `node` that is not the machine's; nullptr when all of it is.
  static const Node* foreign(const Node& node) {
    if (is_foreign(node)) return &node;
    for (const Member& member : node.members) {
      if (const Node* found = foreign(member.node)) return found;
    }
    return nullptr;
  }
  bool add_foreign(const Node& node, const std::string& why = "") {
    const Node* found = foreign(node);
    if (found != nullptr) add(*found, why);
    return found != nullptr;
  }
  void add(const Node& node, const std::string& why = "") {
    keys_.push_back(node.place().text() + ": " + text::escape_terminal(json::readable_pointer(node.pointer)) + why);
  }

  void parameters() {
    const Node* node = tree_.root.find("parameters");
    if (node == nullptr) return;
    for (const Member& member : node->members) {
      const Node* variable = member.node.find("env");
      if (variable != nullptr && is_foreign(*variable) && !is_open_variable(json::string_of(*variable->value))) {
        add(*variable, " (reads the environment; DAYDREAM_... needs no trust)");
      }
      // Whoever changes a parameter of the machine's base changes all that the base says with it.
      const bool shared = std::any_of(member.node.members.begin(), member.node.members.end(), [](const Member& part) {
        return !is_foreign(part.node) || part.node.over_machine;
      });
      for (const Member& part : member.node.members) {
        if (shared) (void)add_foreign(part.node, " (of a parameter of the machine's base)");
      }
    }
  }

  static const Node* archive_apply(const Node& step) {
    const Node* config = step.find("config");
    const Node* archive = config == nullptr ? nullptr : config->find("archive");
    const Node* apply = archive == nullptr ? nullptr : archive->find("apply");
    return apply != nullptr && apply->kind == Node::Kind::kLeaf && apply->value->IsTrue() ? apply : nullptr;
  }

  // What a step says that reaches beyond the repository.
  void reach(const Step& step, const Node& node) {
    if (step.plugin_is_path) add_foreign(*node.find("plugin"));
    if (const Node* secrets = node.find("secrets"); secrets != nullptr && !step.secrets.empty()) add_foreign(*secrets);
    for (std::size_t i = 0; i < step.paths.size(); ++i) {
      const Node& path = node.find("paths")->members[i].node;
      if (!lies_below(real(step.paths[i]), repository_) && is_foreign(path)) add(path);
    }
    if (const Node* apply = archive_apply(node)) add_foreign(*apply);
  }

  // What the machine's base gave to a step is given to it as it is: whoever turns the step into another by its
  // plugin or its options would have the use of it.
  void granted(const Step& step, const Node& node) {
    const auto is_granted = [](const Node* given) { return given != nullptr && foreign(*given) == nullptr; };
    const Node* hosts = tree_.root.find("hosts");
    const Node* own_hosts = hosts == nullptr ? nullptr : hosts->find(step.id);
    const bool holds = (!step.secrets.empty() && is_granted(node.find("secrets"))) ||
                       (!step.paths.empty() && is_granted(node.find("paths"))) || is_granted(archive_apply(node));
    const char* const why = " (of a step to which the machine's base gives more than the repository)";
    if (holds || is_granted(own_hosts)) {
      if (const Node* plugin = node.find("plugin")) add_foreign(*plugin, why);
    }
    const Node* config = node.find("config");
    if (holds && config != nullptr) add_leaves(*config, why);
  }

  void add_leaves(const Node& node, const char* why) {
    if (node.kind != Node::Kind::kObject) {
      (void)add_foreign(node, why);
      return;
    }
    for (const Member& member : node.members) add_leaves(member.node, why);
  }

  const Tree& tree_;
  Path repository_;
  std::vector<std::string> keys_;
};

}  // namespace

std::vector<std::string> trust_keys(const Tree& tree, const Pipeline& pipeline, const Path& repository) {
  return TrustKeys(tree, repository).collect(pipeline);
}

}  // namespace daydream::manifest
