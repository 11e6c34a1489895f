// The rules of .gitignore files: the last rule of the nearest file decides, "!" takes back.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace daydream::walk {

struct IgnoreRule {
  std::string pattern;  // for text::glob_match_itself
  bool negated = false;
};

std::vector<IgnoreRule> parse_ignore_rules(std::string_view content);

// The rules of one folder, and those of the folders above it.
struct IgnoreFrame {
  std::shared_ptr<const IgnoreFrame> above;
  std::string folder;  // relative to the root, with '/' at its end; "" for the root
  std::vector<IgnoreRule> rules;
};

// Whether git ignores this path; a folder's ends in '/'. That a folder above it is ignored is the
// caller's to know: git never looks below such a folder, so neither do we.
bool is_ignored(const IgnoreFrame* frame, std::string_view path);

}  // namespace daydream::walk
