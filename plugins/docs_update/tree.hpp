// The names of all files of the tree, and what a path leads to. Paths are relative to the source tree.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace daydream::docs {

struct TreeFile {
  std::string path;
  std::uint64_t size = 0, token = 0;
};

class Tree {
 public:
  // `source_root`: where it lies; what no list names (symlinks, submodules) is looked up there.
  Tree(std::vector<TreeFile> files, std::string source_root);

  [[nodiscard]] const std::vector<TreeFile>& files() const { return files_; }
  [[nodiscard]] const std::string& source_root() const { return source_root_; }
  [[nodiscard]] const TreeFile* file(std::string_view path) const;
  [[nodiscard]] bool folder(std::string_view path) const;  // "" is the root
  // A file, a folder, a symlink, or something inside a submodule.
  [[nodiscard]] bool exists(std::string_view path) const;
  // The one path that differs from this one by case alone.
  [[nodiscard]] std::optional<std::string> other_case(std::string_view path) const;
  // A file whose path ends in these whole parts ("a/b.md").
  [[nodiscard]] bool has_suffix(std::string_view parts) const;
  // Every file of that name, in order of their paths.
  [[nodiscard]] std::vector<std::string> named(std::string_view name) const;

 private:
  std::vector<TreeFile> files_;
  std::string source_root_;
  std::unordered_map<std::string_view, std::size_t> by_path_;
  std::unordered_set<std::string> folders_;
  std::unordered_multimap<std::string, std::size_t> by_name_;  // lower case
};

// "docs/a.md" -> "docs"; "" for a file of the root.
std::string_view folder_of(std::string_view path);
std::string_view name_of(std::string_view path);
std::string_view stem_of(std::string_view path);  // of the name
// ".md", lower case; "" where the name has none.
std::string extension_of(std::string_view path);
// `relative` seen from `folder`, "." and ".." resolved; nothing when it leaves the root.
std::optional<std::string> join(std::string_view folder, std::string_view relative);
// The shortest way from a folder to a path, both from the root.
std::string relative_path(std::string_view from_folder, std::string_view to);
// Any part of the path is one of these.
bool has_part(std::string_view path, const std::unordered_set<std::string_view>& parts);

}  // namespace daydream::docs
