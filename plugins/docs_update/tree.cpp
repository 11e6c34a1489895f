#include "plugins/docs_update/tree.hpp"

#include <sys/stat.h>

#include <algorithm>

#include "daydream/kit/text.hpp"

namespace daydream::docs {
namespace {

bool ends_in_parts(std::string_view path, std::string_view parts) {
  if (!path.ends_with(parts)) return false;
  return path.size() == parts.size() || path[path.size() - parts.size() - 1] == '/';
}

}  // namespace

std::string_view folder_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::string_view name_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string_view stem_of(std::string_view path) {
  const std::string_view name = name_of(path);
  const auto dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? name : name.substr(0, dot);
}

std::string extension_of(std::string_view path) {
  const std::string_view name = name_of(path);
  const auto dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? std::string() : text::to_lower_ascii(name.substr(dot));
}

std::optional<std::string> join(std::string_view folder, std::string_view relative) {
  std::vector<std::string_view> parts;
  const auto walk = [&parts](std::string_view path) {
    for (const std::string_view part : text::split(path, '/')) {
      if (part.empty() || part == ".") continue;
      if (part != "..") {
        parts.push_back(part);
      } else if (parts.empty()) {
        return false;
      } else {
        parts.pop_back();
      }
    }
    return true;
  };
  if (!walk(folder) || !walk(relative)) return std::nullopt;
  std::string path;
  for (const std::string_view part : parts) {
    if (!path.empty()) path += '/';
    path += part;
  }
  return path;
}

std::string relative_path(std::string_view from_folder, std::string_view to) {
  const auto mine = text::split(from_folder, '/');
  const auto theirs = text::split(to, '/');
  const std::size_t depth = from_folder.empty() ? 0 : mine.size();
  std::size_t same = 0;
  while (same < depth && same + 1 < theirs.size() && mine[same] == theirs[same]) ++same;
  std::string path;
  for (std::size_t i = same; i < depth; ++i) path += "../";
  for (std::size_t i = same; i < theirs.size(); ++i) {
    path += theirs[i];
    if (i + 1 < theirs.size()) path += '/';
  }
  return path;
}

bool has_part(std::string_view path, const std::unordered_set<std::string_view>& parts) {
  const auto all = text::split(path, '/');
  return std::any_of(all.begin(), all.end(), [&](std::string_view part) { return parts.contains(part); });
}

Tree::Tree(std::vector<TreeFile> files, std::string source_root)
    : files_(std::move(files)), source_root_(std::move(source_root)) {
  for (std::size_t i = 0; i < files_.size(); ++i) {
    const std::string_view path = files_[i].path;
    by_path_.emplace(path, i);
    by_name_.emplace(text::to_lower_ascii(docs::name_of(path)), i);
    for (std::string_view folder = folder_of(path); !folder.empty(); folder = folder_of(folder)) {
      if (!folders_.emplace(folder).second) break;
    }
  }
}

const TreeFile* Tree::file(std::string_view path) const {
  const auto found = by_path_.find(path);
  return found == by_path_.end() ? nullptr : &files_[found->second];
}

bool Tree::folder(std::string_view path) const {
  return path.empty() || folders_.contains(std::string(path));
}

bool Tree::exists(std::string_view path) const {
  if (file(path) != nullptr || folder(path)) return true;
  if (source_root_.empty() || path.find('\0') != std::string_view::npos || path.size() > 4000) return false;
  struct stat seen {};
  const std::string whole = source_root_ + "/" + std::string(path);
  if (::lstat(whole.c_str(), &seen) == 0) return true;
  // A file inside an unpopulated submodule: its folder is there, empty, with nothing of ours in it.
  for (std::string_view above = folder_of(path); !above.empty(); above = folder_of(above)) {
    if (folder(above)) return false;
    if (::lstat((source_root_ + "/" + std::string(above)).c_str(), &seen) == 0) return true;
  }
  return false;
}

std::optional<std::string> Tree::other_case(std::string_view path) const {
  const std::string wanted = text::to_lower_ascii(path);
  std::optional<std::string> one;
  const auto [begin, end] = by_name_.equal_range(text::to_lower_ascii(docs::name_of(path)));
  for (auto at = begin; at != end; ++at) {
    const std::string& found = files_[at->second].path;
    if (text::to_lower_ascii(found) != wanted) continue;
    if (one) return std::nullopt;
    one = found;
  }
  return one;
}

bool Tree::has_suffix(std::string_view parts) const {
  const auto [begin, end] = by_name_.equal_range(text::to_lower_ascii(docs::name_of(parts)));
  return std::any_of(begin, end, [&](const auto& entry) { return ends_in_parts(files_[entry.second].path, parts); });
}

std::vector<std::string> Tree::named(std::string_view name) const {
  std::vector<std::string> all;
  const auto [begin, end] = by_name_.equal_range(text::to_lower_ascii(name));
  for (auto at = begin; at != end; ++at) {
    if (docs::name_of(files_[at->second].path) == name) all.push_back(files_[at->second].path);
  }
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace daydream::docs
