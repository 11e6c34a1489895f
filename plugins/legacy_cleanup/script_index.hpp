// What the JavaScript and TypeScript files of a repository ask of one another, and what each does when
// it is loaded. Built from facts that each file gives by its content alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "plugins/legacy_cleanup/facts.hpp"

namespace daydream::legacy {

class ScriptIndex {
 public:
  // All files are added before anything is asked.
  void add(std::string_view path, const ScriptFacts& facts);

  // The file of this repository that "./x" means in the file at `path`; "" when there is none.
  [[nodiscard]] std::string file_of(std::string_view path, std::string_view module) const;
  // Loading the file does nothing but define, and so do all files it loads. `foreign_does_nothing` says
  // the same of modules that are no files of this repository.
  [[nodiscard]] bool only_defines(const std::string& path, bool (*foreign_does_nothing)(std::string_view)) const;
  // The file widens types of others (`declare global`, `declare module`).
  [[nodiscard]] bool augments(const std::string& path) const;
  // How many files ask for the package.
  [[nodiscard]] std::size_t importers(std::string_view module) const;
  [[nodiscard]] bool knows(const std::string& path) const { return files_.contains(path); }

 private:
  std::unordered_map<std::string, ScriptFacts> files_;
  std::unordered_map<std::string, std::size_t> importers_;
};

}  // namespace daydream::legacy
