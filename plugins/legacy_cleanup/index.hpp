// What the Python files of a repository take from one another: the answer to "would anything outside
// this file miss that name?". Built from facts that each file gives by its tokens alone. Where two
// readings are possible it answers with the one that keeps the name.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "plugins/legacy_cleanup/facts.hpp"

namespace daydream::legacy {

class Index {
 public:
  // Adds what the file at `path` (relative, '/') takes from others and shows to others. All files are
  // added before anything is asked.
  void add(std::string_view path, const Facts& facts);
  // A Python file that could not be read: what it takes is not known.
  void add_blind(std::string_view path) { blind_ = path; }

  // The path of such a file, or "".
  [[nodiscard]] const std::string& blind() const { return blind_; }

  // Something outside imports `name` from the file at `path`, reads it as an attribute of the module,
  // names it in a string, or takes everything by a star import.
  [[nodiscard]] bool taken(std::string_view path, std::string_view name) const;
  // `module` as written in the file at `path` (leading dots kept): the files of this repository it may
  // mean; empty: not ours.
  [[nodiscard]] std::vector<std::string> own_files(std::string_view path, std::string_view module) const;
  // How many files import the file at `path` itself, or something from it.
  [[nodiscard]] std::size_t importers(std::string_view path) const;
  // The file does something when it is imported: calls, registers, decorates at its top level.
  [[nodiscard]] bool acts_on_import(std::string_view path) const;
  // The file defines `name` as a test fixture.
  [[nodiscard]] bool fixture(std::string_view path, std::string_view name) const;
  // Some file reads `dotted` ("os.path") without importing it itself.
  [[nodiscard]] bool relied_on(std::string_view dotted) const { return relied_.contains(std::string(dotted)); }

 private:
  struct File {
    bool acts = false;
    std::vector<std::string> fixtures;
  };
  // The dotted name that `module`, written in the file of module `of`, stands for.
  static std::string absolute(std::string_view of, bool package, std::string_view module);
  void take(std::string_view dotted) { taken_.emplace(dotted); }
  // Some file imports `module` and reads names by strings, `name` among them.
  [[nodiscard]] bool taken_by_word(const std::string& module, const std::string& name) const;

  std::unordered_map<std::string, File> files_;                          // by path
  std::unordered_map<std::string, std::vector<std::string>> by_suffix_;  // "pkg.mod", "mod" -> paths
  std::unordered_set<std::string> taken_;                                // "pkg.mod.name"
  std::unordered_set<std::string> stars_;                                // modules taken whole
  // Of files that read names by strings, by a number each, ascending: the strings, and what they import.
  std::unordered_map<std::string, std::vector<std::uint32_t>> words_, worded_modules_;
  std::uint32_t worded_ = 0;
  std::unordered_set<std::string> loose_;                   // names read from modules computed at run time
  std::unordered_map<std::string, std::size_t> importers_;  // module -> files importing it
  std::unordered_set<std::string> relied_;
  std::string blind_;
};

// "src/pkg/mod.py" -> "src.pkg.mod"; "pkg/__init__.py" -> "pkg".
std::string module_of(std::string_view path);

}  // namespace daydream::legacy
