#include "plugins/legacy_cleanup/script_index.hpp"

#include <array>
#include <unordered_set>

#include "plugins/legacy_cleanup/script_paths.hpp"

namespace daydream::legacy {

void ScriptIndex::add(std::string_view path, const ScriptFacts& facts) {
  files_[std::string(path)] = facts;
  const std::unordered_set<std::string> modules(facts.modules.begin(), facts.modules.end());
  for (const std::string& module : modules) ++importers_[module];
}

std::string ScriptIndex::file_of(std::string_view path, std::string_view module) const {
  if (!module.starts_with("./") && !module.starts_with("../") && module != "." && module != "..") return {};
  const auto joined = join_path(folder_of(path), module);
  if (!joined) return {};
  static constexpr std::array<std::string_view, 8> kExtensions{".ts",  ".tsx", ".js",  ".jsx",
                                                               ".mjs", ".cjs", ".mts", ".cts"};
  const std::string& base = *joined;
  if (files_.contains(base)) return base;
  std::string_view stem = base;
  for (const std::string_view written : {".js", ".jsx", ".mjs", ".cjs"}) {
    if (stem.ends_with(written)) stem.remove_suffix(written.size());
  }
  const std::string inside = base.empty() ? "index" : base + "/index";
  for (const std::string& candidate : {base, std::string(stem), inside}) {
    for (const std::string_view extension : kExtensions) {
      if (std::string file = candidate + std::string(extension); files_.contains(file)) return file;
    }
  }
  return {};
}

bool ScriptIndex::only_defines(const std::string& path, bool (*foreign_does_nothing)(std::string_view)) const {
  constexpr std::size_t kMost = 500;
  std::vector<std::string> waiting{path};
  std::unordered_set<std::string> seen{path};
  while (!waiting.empty()) {
    const std::string at = std::move(waiting.back());
    waiting.pop_back();
    const auto found = files_.find(at);
    if (found == files_.end() || !found->second.known || found->second.acts) return false;
    for (const std::string& module : found->second.modules) {
      std::string file = file_of(at, module);
      if (file.empty()) {
        if (!foreign_does_nothing(module)) return false;
        continue;
      }
      if (!seen.insert(file).second) continue;
      if (seen.size() > kMost) return false;
      waiting.push_back(std::move(file));
    }
  }
  return true;
}

bool ScriptIndex::augments(const std::string& path) const {
  const auto found = files_.find(path);
  return found == files_.end() || !found->second.known || found->second.augments;
}

std::size_t ScriptIndex::importers(std::string_view module) const {
  const auto found = importers_.find(std::string(module));
  return found == importers_.end() ? 0 : found->second;
}

}  // namespace daydream::legacy
