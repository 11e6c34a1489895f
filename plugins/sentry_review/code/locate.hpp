// From a stack frame to a file and line of this repository, with the reason, or to nothing: two
// candidates that nothing tells apart are none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plugins/sentry_review/code/tree.hpp"
#include "plugins/sentry_review/read/records.hpp"

namespace daydream::sentry {

struct CodeMapping {
  std::string from, to;  // a prefix of the frame's path -> a folder of the tree
};

struct Place {
  std::string path;
  int line = 0;                         // 0: the file is certain, the line is not
  std::string function;                 // of the frame
  std::string evidence;                 // "path suffix app/views.py, line confirmed by its text"
  std::vector<std::string> candidates;  // where `path` is empty: what it could have been
};

class Locator {
 public:
  Locator(const Tree& tree, std::vector<CodeMapping> mappings) : tree_(tree), mappings_(std::move(mappings)) {}

  // The innermost frame of our own code that lies in the tree.
  [[nodiscard]] Place locate(const Event& event) const;
  [[nodiscard]] Place locate(const Frame& frame, std::string_view platform) const;

 private:
  struct Hit {
    std::vector<std::uint32_t> files;
    std::string reason;
    bool needs_proof = false;  // the names alone do not decide
  };
  [[nodiscard]] Hit by_mapping(const Frame& frame) const;
  [[nodiscard]] Hit by_path(const Frame& frame) const;
  [[nodiscard]] Hit by_module(const Frame& frame, std::string_view platform) const;
  void prove(const Frame& frame, Hit& hit) const;
  [[nodiscard]] Place settle(const Frame& frame, std::uint32_t file, const std::string& reason) const;

  const Tree& tree_;
  std::vector<CodeMapping> mappings_;
};

// The parts of a path as servers write it: scheme, host, query, drive, "./" and ".." taken off, backslashes
// turned. `rooted`: it was absolute.
std::vector<std::string> path_parts(std::string_view path, bool& rooted);

}  // namespace daydream::sentry
