// What a project in JavaScript, TypeScript, C or C++ says about itself: whether its compiler drops imports
// that nothing reads, whether its files have effects, its version. From tsconfig*.json, package.json,
// CMakeLists.txt and the like of the folders above a file. What is not said plainly is not known.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace daydream::legacy {

struct ScriptProject {
  bool drops_unused = false;  // the TypeScript compiler in use leaves out imports without a reader
  bool declares = false;      // the compiler writes declarations, which may need types that no text names
  bool no_effects = false;    // package.json: "sideEffects": false
  std::string jsx_names;      // names that JSX is turned into, as configured: "h Fragment"
  std::string version;        // of package.json, else of CMakeLists.txt, or ""
  int node = 0;               // the oldest major of Node.js it supports (engines), 0 = not said
};

class ScriptProjects {
 public:
  // `root`: absolute path of the tree. `paths`: its files.
  ScriptProjects(std::string root, const std::vector<std::string>& paths);
  const ScriptProject& of(std::string_view path);
  // Some answer came from a file that may not be one of `paths`.
  [[nodiscard]] bool outside() const { return outside_; }

 private:
  ScriptProject read(const std::string& folder);
  [[nodiscard]] bool listed(const std::string& path) const;  // a configuration file of `paths`
  [[nodiscard]] std::string content(const std::string& path) const;
  bool drops_unused(const std::string& path, int depth, ScriptProject& project);
  std::string root_;
  std::map<std::string, std::vector<std::string>> by_folder_;  // names of configuration files
  std::map<std::string, ScriptProject> known_;
  bool outside_ = false;
};

}  // namespace daydream::legacy
