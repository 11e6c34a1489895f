// What is wrong with a manifest: up to 20 problems at once, each with its place.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daydream/kit/result.hpp"
#include "manifest/tree.hpp"

namespace daydream::manifest {

class Problems {
 public:
  static constexpr std::size_t kShown = 20;

  void add(std::string line) {
    if (std::find(lines_.begin(), lines_.end(), line) == lines_.end()) lines_.push_back(std::move(line));
  }
  void at(const Node& node, std::string_view message, const std::string& below = "") {
    add(node.file->text.error_at(node.pointer + below, message).message());
  }
  // As at(), placed at the key of the value.
  void at_key(const Node& node, std::string_view message) {
    const json::Position at = node.file->text.key_position(node.pointer);
    add(node.file->text.name() + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) + ": " +
        json::readable_pointer(node.pointer) + ": " + std::string(message));
  }
  [[nodiscard]] bool none() const { return lines_.empty(); }
  // REQUIRES: !none().
  [[nodiscard]] Error error() const {
    std::string all;
    for (std::size_t i = 0; i < std::min(lines_.size(), kShown); ++i) all += (i > 0 ? "\n" : "") + lines_[i];
    if (lines_.size() > kShown) all += "\n... and " + std::to_string(lines_.size() - kShown) + " more";
    return {ErrorKind::kInvalid, all};
  }

 private:
  std::vector<std::string> lines_;
};

}  // namespace daydream::manifest
