// Descriptors known by content: {"abi": "1.0", "plugins": {"<sha256>": "<descriptor>"}}. A cache: what
// cannot be read or written costs a probe, never an error.
#pragma once

#include <map>
#include <set>
#include <string>

#include "base/model.hpp"

namespace daydream::loader {

class Cache {
 public:
  explicit Cache(Path file);
  // nullptr when unknown.
  [[nodiscard]] const std::string* find(const std::string& sha256);
  void add(const std::string& sha256, const std::string& descriptor);
  // Writes it when something was added. What was not asked for leaves once there is too much.
  void save();

 private:
  Path file_;
  std::map<std::string, std::string> known_;
  std::set<std::string> used_;
  bool changed_ = false;
};

}  // namespace daydream::loader
