#include "pipeline/strays.hpp"

#include <filesystem>

#include "base/files.hpp"
#include "log/log.hpp"

namespace daydream::pipeline {

namespace {

namespace fs = std::filesystem;

constexpr int kDeepest = 4;  // undo/<run>/..., artifacts/...
constexpr int kMost = 100'000;

// As files::write_replace names them.
bool is_stray(const std::string& name) {
  constexpr std::string_view kMark = ".daydream-";
  constexpr std::size_t kRandom = 6;
  if (name.size() <= 1 + kMark.size() + kRandom || name.front() != '.') return false;
  return std::string_view(name).substr(name.size() - kRandom - kMark.size(), kMark.size()) == kMark;
}

// The private tree, and the folders of a repository of ours: beside these it holds files that we write.
bool is_gits(const Path& folder) {
  return folder.filename() == "tree" || folder.parent_path().extension() == ".git";
}

void find_below(const Path& root, std::vector<Path>& strays) {
  std::error_code error;
  fs::recursive_directory_iterator entry(root, fs::directory_options::skip_permission_denied, error), end;
  int seen = 0;
  for (; !error && entry != end && ++seen <= kMost; entry.increment(error)) {
    std::error_code ignored;
    const fs::file_status status = entry->symlink_status(ignored);
    const std::string name = entry->path().filename().string();
    if (fs::is_directory(status)) {
      if (entry.depth() + 1 >= kDeepest || is_gits(entry->path())) entry.disable_recursion_pending();
    } else if (fs::is_regular_file(status) && is_stray(name)) {
      strays.push_back(entry->path());
    }
  }
}

}  // namespace

std::vector<Path> find_strays(const Path& state_directory, const Path& work_directory) {
  std::vector<Path> strays;
  find_below(state_directory, strays);
  find_below(work_directory, strays);
  return strays;
}

void remove_strays(const Path& state_directory, const Path& work_directory) {
  int removed = 0;
  for (const Path& stray : find_strays(state_directory, work_directory))
    removed += files::remove_file(stray).ok() ? 1 : 0;
  if (removed > 0)
    log::info("pipeline", "removed " + std::to_string(removed) + " unfinished files of a run that was killed");
}

}  // namespace daydream::pipeline
