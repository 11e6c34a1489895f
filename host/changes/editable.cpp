#include "changes/editable.hpp"

#include <algorithm>
#include <filesystem>
#include <string_view>

#include "base/files.hpp"

namespace daydream::changes {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostNamed = 10;
constexpr int kMostEntries = 20'000;
constexpr std::size_t kLargest = std::size_t{1} << 20;

std::vector<Path> entries_of(const Path& folder) {
  std::vector<Path> entries;
  std::error_code error;
  fs::directory_iterator entry(folder, error), end;
  for (int seen = 0; !error && entry != end && seen < kMostEntries; ++seen, entry.increment(error))
    entries.push_back(entry->path());
  std::sort(entries.begin(), entries.end());
  return entries;
}

bool is_folder(const Path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

class Search {
 public:
  Search(const Path& live, const std::string& link) : root_(live.string()), folder_(live / link) {}

  std::vector<std::string> run() {
    if (!is_folder(folder_)) return {};
    for (const Path& part : entries_of(folder_)) {  // lib/python3.11/site-packages, Lib/site-packages
      const std::string name = part.filename().string();
      if (name != "lib" && name != "lib64" && name != "Lib") continue;
      std::error_code ignored;
      if (fs::is_symlink(part, ignored)) continue;  // lib64 -> lib
      look_at_packages(part / "site-packages");
      for (const Path& version : entries_of(part)) look_at_packages(version / "site-packages");
    }
    if (folder_.filename() == "node_modules") look_at_modules(folder_, true);
    return std::move(found_);
  }

 private:
  void look_at_packages(const Path& packages) {
    for (const Path& file : entries_of(packages)) {
      const std::string name = file.filename().string();
      const bool points = name.ends_with(".pth") || name.ends_with(".egg-link") ||
                          (name.starts_with("__editable__") && name.ends_with(".py"));
      if (!points) continue;
      const auto text = files::read(file, kLargest);
      if (text && leads_back(*text)) add(file);
    }
  }

  void look_at_modules(const Path& folder, bool with_scopes) {
    for (const Path& entry : entries_of(folder)) {
      std::error_code error;
      if (fs::is_symlink(entry, error)) {
        const Path target = fs::weakly_canonical(entry, error);
        if (!error && leads_back(target.string())) add(entry);
      } else if (with_scopes && entry.filename().string().starts_with("@")) {
        look_at_modules(entry, false);
      }
    }
  }

  // Names the work tree, or something in it that does not lie in the linked folder itself.
  [[nodiscard]] bool leads_back(std::string_view text) const {
    const std::string own = folder_.string();
    for (std::size_t at = 0; (at = text.find(root_, at)) != std::string_view::npos; at += root_.size()) {
      const std::string_view rest = text.substr(at);
      const char behind = rest.size() > root_.size() ? rest[root_.size()] : '\n';
      const bool ends = std::string_view("/\n\r'\"\\").find(behind) != std::string_view::npos;
      if (ends && !rest.starts_with(own)) return true;
    }
    return false;
  }

  void add(const Path& path) {
    if (found_.size() < kMostNamed) found_.push_back(path.string().substr(root_.size() + 1));
  }

  std::string root_;
  Path folder_;
  std::vector<std::string> found_;
};

}  // namespace

std::vector<std::string> editable_installs(const Path& live, const std::string& link) {
  return Search(live, link).run();
}

}  // namespace daydream::changes
