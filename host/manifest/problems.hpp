// What is wrong with a manifest: up to 20 problems at once, each with its place.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daydream/kit/result.hpp"
#include "manifest/excerpt.hpp"
#include "manifest/tree.hpp"

namespace daydream::manifest {

class Problems {
 public:
  static constexpr std::size_t kShown = 20;

  void add(std::string words) {
    if (std::find(all_.begin(), all_.end(), words) == all_.end()) all_.push_back(std::move(words));
  }
  void at(const Place& place, std::string_view message) { add(error_at(place, message).message()); }
  void at(const Node& node, std::string_view message, const std::string& below = "") {
    at(Place{node.file, node.pointer + below}, message);
  }
  // As at(), placed at the key of the value.
  void at_key(const Node& node, std::string_view message) { add(error_at_key(node.place(), message).message()); }
  [[nodiscard]] bool none() const { return all_.empty(); }
  // REQUIRES: !none().
  [[nodiscard]] Error error() const {
    std::string words;
    for (std::size_t i = 0; i < std::min(all_.size(), kShown); ++i) words.append(i > 0 ? "\n" : "").append(all_[i]);
    if (all_.size() > kShown) words.append("\n... and ").append(std::to_string(all_.size() - kShown)).append(" more");
    return {ErrorKind::kInvalid, words};
  }

 private:
  std::vector<std::string> all_;
};

}  // namespace daydream::manifest
