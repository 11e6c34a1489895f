// What the Python files of a repository take from one another: the answer to "would anything outside
// this file miss that name?". Built from facts that each file gives by its tokens alone.
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
  // Adds what the file at `path` (relative, '/') takes from others and shows to others.
  void add(std::string_view path, const Facts& facts);
  // Dotted names in texts that are no Python: entry points, settings ("pkg.mod:name", "pkg.mod.name").
  void add_text(std::string_view text);

  // Some other file imports `name` from the file at `path`, reads it as an attribute, names it in a
  // string, or takes everything by a star import.
  [[nodiscard]] bool taken(std::string_view path, std::string_view name) const;
  // `module` as written in the file at `path` (with leading dots): the paths of files of this
  // repository it may mean; empty: not ours.
  [[nodiscard]] std::vector<std::string> own_files(std::string_view path, std::string_view module) const;
  // How many files import the file at `path` in any way.
  [[nodiscard]] std::size_t importers(std::string_view path) const;
  // The file does something when it is imported: calls or registers at its top level.
  [[nodiscard]] bool acts_on_import(std::string_view path) const;
  // The file defines `name` as a test fixture.
  [[nodiscard]] bool fixture(std::string_view path, std::string_view name) const;
  // Some file other than the one at `path` reads `package.sub` without importing `package.sub` itself.
  [[nodiscard]] bool relied_on(std::string_view path, std::string_view dotted) const;

 private:
  struct File {
    std::size_t importers = 0;
    bool acts = false;
    std::vector<std::string> fixtures;
  };
  static std::uint64_t hash_of(std::string_view text);
  void import_of(std::string_view path, const Import& import);

  std::unordered_map<std::string, File> files_;                          // by path
  std::unordered_map<std::string, std::vector<std::string>> by_module_;  // dotted suffix -> paths
  std::unordered_set<std::uint64_t> names_;                              // hash of "module.name" that somebody takes
  std::unordered_map<std::string, std::size_t> imported_;                // absolute dotted module -> files importing it
  std::unordered_map<std::uint64_t, std::size_t> relied_;  // hash of dotted -> files reading it unimported
};

}  // namespace daydream::legacy
