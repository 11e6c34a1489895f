#include <system_error>

#include "manifest/build.hpp"

namespace daydream::manifest {
namespace {

// Symbolic links resolved as far as the path exists.
Path real(const Path& path) {
  std::error_code failed;
  Path resolved = std::filesystem::weakly_canonical(path, failed);
  return failed ? path.lexically_normal() : resolved;
}

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
      if (file.get() == &main || lies_below(real(file->path), repository_)) continue;
      keys_.push_back(file->text.name() + ": a file outside the repository that it extends");
    }
    for (const char* key : {"verify", "workspace", "inputs", "hosts", "secrets"}) {
      if (const Node* node = tree_.root.find(key)) add(*node, "");
    }
    if (pipeline.mode == Mode::kInPlace) add(*tree_.root.find("mode"), "");
    steps(pipeline);
    return std::move(keys_);
  }

 private:
  void add(const Node& node, const std::string& below) {
    const json::Position at = node.file->text.position(node.pointer + below);
    keys_.push_back(node.file->text.name() + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) + ": " +
                    json::readable_pointer(node.pointer + below));
  }

  void steps(const Pipeline& pipeline) {
    for (const Step& step : pipeline.steps) {
      const Node& node = *tree_.root.find("steps")->find(step.id);
      if (step.plugin_is_path) add(*node.find("plugin"), "");
      for (std::size_t i = 0; i < step.paths.size(); ++i) {
        if (!lies_below(real(step.paths[i]), repository_)) add(*node.find("paths"), "/" + std::to_string(i));
      }
      const Node* config = node.find("config");
      const Node* archive = config == nullptr ? nullptr : config->find("archive");
      const Node* apply = archive == nullptr ? nullptr : archive->find("apply");
      if (apply != nullptr && apply->kind == Node::Kind::kLeaf && apply->value->IsTrue()) add(*apply, "");
    }
  }

  const Tree& tree_;
  Path repository_;
  std::vector<std::string> keys_;
};

}  // namespace

bool lies_below(const Path& path, const Path& root) {
  const Path relative = path.lexically_relative(root);
  return !relative.empty() && *relative.begin() != "..";
}

std::vector<std::string> trust_keys(const Tree& tree, const Pipeline& pipeline, const Path& repository) {
  return TrustKeys(tree, repository).collect(pipeline);
}

}  // namespace daydream::manifest
