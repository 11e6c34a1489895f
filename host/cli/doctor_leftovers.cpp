#include "cli/doctor_leftovers.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "base/files.hpp"
#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"
#include "pipeline/strays.hpp"

namespace daydream::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRepair = "`daydream doctor --repair` ";
constexpr std::size_t kMostState = std::size_t{16} << 20;

std::string shown(const Path& path) {
  return text::show_path(path.native());
}

std::string mode_words(const struct stat& about) {
  static constexpr char kOctal[] = "01234567";
  std::string mode;
  for (const unsigned shift : {6U, 3U, 0U}) mode += kOctal[(about.st_mode >> shift) & 7U];
  return "owner " + std::to_string(about.st_uid) + ", mode " + mode;
}

Result<std::string> let_us_use(const Path& path, mode_t mode) {
  struct stat about {};
  if (::lstat(path.c_str(), &about) != 0) return Error::from_errno(errno, shown(path));
  if (::chmod(path.c_str(), (about.st_mode & 07777U) | mode) != 0)
    return Error::from_errno(errno, "chmod " + shown(path)).context("give it to this user: chown");
  return "let this user use " + shown(path);
}

// One that exists and that this user may not use as a run must.
void check_use(const Path& path, std::vector<Trouble>& troubles) {
  struct stat about {};
  if (::lstat(path.c_str(), &about) != 0 || S_ISLNK(about.st_mode)) return;
  const bool folder = S_ISDIR(about.st_mode);
  if (::access(path.c_str(), folder ? R_OK | W_OK | X_OK : R_OK | W_OK) == 0) return;
  Trouble trouble;
  trouble.check.health = Health::kBad;
  trouble.check.what = shown(path) + ": " + std::strerror(errno) + " (" + mode_words(about) + ", this user is " +
                       std::to_string(::geteuid()) + ")";
  if (about.st_uid == ::geteuid() || ::geteuid() == 0) {
    trouble.check.remedy = std::string(kRepair) + "lets its owner read and write it";
    trouble.mend = [path, folder] { return let_us_use(path, folder ? 0700 : 0600); };
  } else {
    trouble.check.remedy = "as root: chown -R " + std::to_string(::geteuid()) + " " + shown(path.parent_path()) +
                           " (was a run once started as another user?)";
  }
  troubles.push_back(std::move(trouble));
}

void check_lock_file(const Path& directory, std::vector<Trouble>& troubles) {
  const Path lock = directory / "lock";
  struct stat about {};
  if (::lstat(lock.c_str(), &about) != 0 || S_ISREG(about.st_mode)) return;
  Trouble trouble;
  trouble.check = {Health::kBad, shown(lock) + " is no plain file: no run can take it",
                   std::string(kRepair) + "moves it aside"};
  trouble.mend = [lock]() -> Result<std::string> {
    const Path aside = lock.string() + ".aside";
    if (files::exists(aside)) return Error(ErrorKind::kPermanent, "remove " + shown(aside) + " first");
    if (::rename(lock.c_str(), aside.c_str()) != 0) return Error::from_errno(errno, "move " + shown(lock));
    return "moved " + shown(lock) + " to " + shown(aside);
  };
  troubles.push_back(std::move(trouble));
}

void check_strays(const Places& places, std::vector<Trouble>& troubles) {
  const auto strays = pipeline::find_strays(places.state_directory, places.work_directory);
  if (strays.empty()) return;
  Trouble trouble;
  trouble.check = {Health::kNote,
                   std::to_string(strays.size()) + " unfinished files of a run that was killed, the first is " +
                       shown(strays.front()),
                   std::string(kRepair) + "removes them, and so does the next run"};
  trouble.mend = [places, count = strays.size()]() -> Result<std::string> {
    pipeline::remove_strays(places.state_directory, places.work_directory);
    return "removed " + std::to_string(count) + " unfinished files";
  };
  troubles.push_back(std::move(trouble));
}

// What a repair of the store that was stopped half-way leaves; the store itself was looked at before.
void check_half_repairs(const Path& directory, std::vector<Trouble>& troubles) {
  std::vector<Path> left;
  for (const char* name :
       {"daydream.db.restored", "daydream.db.restored.new", "daydream.db.empty", "daydream.db.bak.new"}) {
    if (files::exists(directory / name)) left.push_back(directory / name);
  }
  if (left.empty()) return;
  Trouble trouble;
  trouble.check = {Health::kNote, shown(left.front()) + " was left by a repair or a copy that did not come to its end",
                   std::string(kRepair) + "removes it"};
  trouble.mend = [left]() -> Result<std::string> {
    for (const Path& file : left) {
      for (const char* suffix : {"", "-journal", "-wal", "-shm"}) {
        if (auto removed = files::remove_file(file.string() + suffix); !removed) return std::move(removed.error());
      }
    }
    return "removed " + shown(left.front());
  };
  troubles.push_back(std::move(trouble));
}

void check_state_file(const Path& directory, std::vector<Trouble>& troubles) {
  const Path file = directory / "state.json";
  if (!files::exists(file)) return;
  auto content = files::read(file, kMostState);
  auto parsed = content ? json::Text::parse(*content, {.name = "state.json", .positions = false})
                        : Result<json::Text>(std::move(content.error()));
  if (parsed && parsed->root().IsObject()) return;
  Trouble trouble;
  trouble.check = {Health::kNote,
                   shown(file) + " is not what a run wrote: " + (parsed ? "no JSON object" : parsed.error().message()),
                   std::string(kRepair) + "removes it; the next run writes it anew from the store"};
  trouble.mend = [file]() -> Result<std::string> {
    if (auto removed = files::remove_tree(file); !removed) return std::move(removed.error());
    return "removed " + shown(file) + "; the next run writes it anew";
  };
  troubles.push_back(std::move(trouble));
}

}  // namespace

std::vector<Trouble> find_obstacles(const Places& places) {
  std::vector<Trouble> troubles;
  for (const Path& directory : {places.state_directory, places.work_directory}) {
    check_use(directory, troubles);
    check_lock_file(directory, troubles);
  }
  std::error_code error;
  for (fs::directory_iterator entry(places.state_directory, fs::directory_options::skip_permission_denied, error), end;
       !error && entry != end; entry.increment(error)) {
    check_use(entry->path(), troubles);
  }
  return troubles;
}

std::vector<Trouble> find_leftovers(const Places& places) {
  std::vector<Trouble> troubles;
  check_strays(places, troubles);
  check_half_repairs(places.state_directory, troubles);
  check_state_file(places.state_directory, troubles);
  return troubles;
}

}  // namespace daydream::cli
