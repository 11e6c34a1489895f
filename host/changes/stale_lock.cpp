#include "changes/stale_lock.hpp"

#include <sys/stat.h>

#include <cctype>
#include <ctime>
#include <string>
#include <system_error>

#include "base/files.hpp"
#include "log/log.hpp"

namespace daydream::changes {

namespace {

constexpr std::string_view kBefore = "Unable to create '";
constexpr std::string_view kAfter = ".lock': File exists";
constexpr std::time_t kUntouched = 2;

bool is_ours(std::string_view path) {
  for (std::string_view part :
       {"/refs/heads/daydream/", "/refs/daydream/", "/packed-refs.lock", "/worktrees/", "/own.git/"}) {
    if (path.find(part) != std::string_view::npos) return true;
  }
  return path.ends_with("/refs/heads/daydream.lock");
}

bool is_process(const std::string& name) {
  return !name.empty() && std::isdigit(static_cast<unsigned char>(name.front())) != 0;
}

bool holds_open(const Path& process, const Path& file) {
  std::error_code error;
  for (std::filesystem::directory_iterator entry(process / "fd", error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code unreadable;
    if (std::filesystem::read_symlink(entry->path(), unreadable) == file && !unreadable) return true;
  }
  return false;
}

bool held_by_anybody(const Path& file) {
  std::error_code error;
  for (std::filesystem::directory_iterator entry("/proc", error), end; !error && entry != end; entry.increment(error)) {
    if (is_process(entry->path().filename().string()) && holds_open(entry->path(), file)) return true;
  }
  return false;
}

}  // namespace

std::optional<Path> lock_in_the_way(std::string_view git_error) {
  const auto begin = git_error.find(kBefore);
  if (begin == std::string_view::npos) return std::nullopt;
  const auto rest = git_error.substr(begin + kBefore.size());
  const auto end = rest.find(kAfter);
  if (end == std::string_view::npos) return std::nullopt;
  std::string path(rest.substr(0, end));
  path += ".lock";
  if (path.front() != '/' || !is_ours(path)) return std::nullopt;
  return Path(path);
}

bool remove_if_abandoned(const Path& lock) {
  struct stat status {};
  if (::lstat(lock.c_str(), &status) != 0) return true;  // gone by itself
  if (!S_ISREG(status.st_mode) || std::time(nullptr) - status.st_mtime < kUntouched) return false;
  if (held_by_anybody(lock)) return false;
  if (auto removed = files::remove_file(lock); !removed) return false;
  log::warning("changes", "removed " + lock.string() + ", left behind by a git that was killed");
  return true;
}

}  // namespace daydream::changes
