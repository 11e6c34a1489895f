#include "plugins/log_review/night/discovery.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "daydream/kit/text.hpp"
#include "daydream/kit/walk.hpp"

namespace daydream::logs {
namespace {

constexpr std::size_t kMostRoots = 64;
constexpr std::size_t kMostFiles = 20'000;

bool matches(const std::vector<std::string>& globs, std::string_view path) {
  return std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) { return text::glob_match(glob, path); });
}

// Folders that hold a state of Daydream: what lies in them is ours.
std::vector<std::string> own_folders(const std::vector<walk::File>& files) {
  std::vector<std::string> folders;
  for (const walk::File& file : files) {
    constexpr std::string_view kStore = "daydream.db";
    if (file.path == kStore || file.path.ends_with("/daydream.db")) {
      folders.push_back(file.path.substr(0, file.path.size() - kStore.size()));
    }
  }
  return folders;
}

Result<void> add_folder(const std::string& root, const std::string& folder, const Settings& settings,
                        Discovered& found) {
  walk::Options options;
  options.gitignore = false;  // logs are what git ignores
  options.exclude = {".git/", "node_modules/", ".venv/", "venv/", "__pycache__/", "site-packages/"};
  auto listing = walk::list(folder, options);
  if (!listing) return std::move(listing.error()).context("logs of " + root);
  for (const std::string& skipped : listing->skipped) {
    found.notes.push_back(text::show_path(skipped) + " cannot be read");
  }
  const std::vector<std::string> ours = own_folders(listing->files);
  for (const walk::File& file : listing->files) {
    const bool own =
        std::any_of(ours.begin(), ours.end(), [&](const std::string& prefix) { return file.path.starts_with(prefix); });
    if (own || !matches(settings.files, file.path) || matches(settings.exclude, file.path)) continue;
    if (found.files.size() == kMostFiles) {
      found.notes.push_back("more than " + std::to_string(kMostFiles) + " logs: the rest is not read");
      return {};
    }
    found.files.push_back({root, folder, file.path, file.size, file.mtime_ns, file.inode, file.device});
  }
  return {};
}

Result<void> add_root(const std::string& root, const std::string& place, const Settings& settings, Discovered& found) {
  struct stat facts {};
  if (::stat(place.c_str(), &facts) != 0) {
    found.notes.push_back(root + " is not there");
    return {};
  }
  if (S_ISDIR(facts.st_mode)) return add_folder(root, place, settings, found);
  if (!S_ISREG(facts.st_mode)) return {};
  found.files.push_back({root, place, "", static_cast<std::uint64_t>(facts.st_size),
                         facts.st_mtim.tv_sec * 1'000'000'000 + facts.st_mtim.tv_nsec, facts.st_ino, facts.st_dev});
  return {};
}

bool is_compressed_name(std::string_view path) {
  return path.ends_with(".gz") || path.ends_with(".zst") || path.ends_with(".xz") || path.ends_with(".bz2");
}

// ".1", "-20261122", ".2026-11-22": the length of such an end.
std::size_t rotation_end(std::string_view path) {
  std::size_t at = path.size();
  std::size_t digits = 0;
  while (at > 0 && ((path[at - 1] >= '0' && path[at - 1] <= '9') || path[at - 1] == '-' || path[at - 1] == '_')) {
    --at;
    if (path[at] != '-' && path[at] != '_') ++digits;
  }
  if (digits == 0 || at == path.size()) return 0;
  if (at > 0 && path[at - 1] == '.') return path.size() - at + 1;
  return path[at] == '-' && digits >= 6 ? path.size() - at : 0;
}

std::string_view without_compression(std::string_view path) {
  return is_compressed_name(path) ? path.substr(0, path.rfind('.')) : path;
}

}  // namespace

std::string LogFile::name() const {
  if (path.empty()) return root;
  return root == "repository" ? text::show_path(path) : root + "/" + text::show_path(path);
}

Result<Discovered> discover(const sdk::Run& run, const Settings& settings) {
  Discovered found;
  std::vector<std::string> roots{"repository"};
  for (std::size_t i = 1; i <= kMostRoots; ++i) roots.push_back("log:" + std::to_string(i));
  for (const std::string& input : settings.inputs) roots.push_back("input:" + input);
  for (const std::string& root : roots) {
    auto place = run.root(root);
    if (!place && place.error().kind() != ErrorKind::kNotFound) return std::move(place.error());
    if (!place) {
      if (root.starts_with("input:")) found.notes.push_back(root + " is not there");
      continue;
    }
    if (auto added = add_root(root, *place, settings, found); !added) return std::move(added.error());
  }
  return found;
}

Result<int> open_log(const LogFile& file) {
  if (!file.path.empty()) return walk::open_beneath(file.folder, file.path);
  const int descriptor = ::open(file.folder.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (descriptor < 0) return Error::from_errno(errno, file.root);
  return descriptor;
}

bool has_rotated_name(std::string_view path) {
  return is_compressed_name(path) || rotation_end(path) > 0;
}

std::string stem_of(std::string_view path) {
  path = without_compression(path);
  return std::string(path.substr(0, path.size() - rotation_end(path)));
}

}  // namespace daydream::logs
