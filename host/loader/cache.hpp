// Descriptors known by content: {"abi": "1.0", "plugins": {"<sha256>": "<descriptor>"}, "files":
// {"<file_facts>": "<sha256>"}}. A cache: what cannot be read or written costs a probe, never an error.
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
  // The hash of the content that a file with these facts has; nullptr when unknown.
  [[nodiscard]] const std::string* hash_of(const std::string& facts) const;
  void remember(const std::string& facts, const std::string& sha256);
  // Writes it when something was added. What was not asked for leaves once there is too much.
  void save();

 private:
  Path file_;
  std::map<std::string, std::string> known_;
  std::map<std::string, std::string> files_;
  std::set<std::string> used_;
  bool changed_ = false;
};

}  // namespace daydream::loader
