// A manifest file and all it extends, each checked by the schema, laid over one another into one tree.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "manifest/problems.hpp"
#include "manifest/shelves.hpp"
#include "manifest/tree.hpp"

namespace daydream::manifest {

using Reader = std::function<Result<std::string>(const Path&)>;
inline constexpr std::size_t kMaxFileBytes = std::size_t{1} << 20;
inline constexpr std::size_t kMaxFiles = 64;

// One file in the order in which they are laid over one another: what a file extends comes before it, each
// file once, where it is first needed.
struct Layer {
  const File* file = nullptr;
  std::vector<const File*> bases;  // what it extends, directly
};

struct Reading {
  Path main;        // absolute
  Path repository;  // not empty: the manifest was found in it
  Shelves shelves;
  bool open_outside = false;  // else files outside the repository are not opened, unless they lie on a shelf
  bool lay_base = false;      // the machine's base.json beneath it
  bool fallback = false;      // `main` counts only where the machine's base has no steps
};

struct Read {
  std::shared_ptr<Tree> tree;  // never nullptr: it owns the files of the layers
  bool merged = false;         // every file was opened, read and laid over the others
  std::vector<Layer> layers;
  std::vector<std::string> outside;  // what was not opened: "file:line:column: extends[0]: <path>, ..."
  std::vector<Path> outside_paths;
};

Read read_tree(const Reading& reading, const Reader& reader, Problems& problems);

}  // namespace daydream::manifest
