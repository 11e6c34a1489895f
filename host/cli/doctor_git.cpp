// What doctor finds and mends in the private tree and in the repository's refs.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <ctime>
#include <filesystem>
#include <system_error>

#include "base/files.hpp"
#include "checkpoint/store.hpp"
#include "cli/doctor_leftovers.hpp"
#include "daydream/kit/git.hpp"
#include "daydream/kit/text.hpp"
#include "pipeline/night_record.hpp"

namespace daydream::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRepair = "`daydream doctor --repair` ";
constexpr std::time_t kUntouched = 2;  // seconds: whoever is at work has gone on since
constexpr std::size_t kMostRef = 4096;
constexpr int kMostEntries = 100'000;

std::string shown(const Path& path) {
  return text::show_path(path.native());
}

// All plain files below `folder`.
std::vector<Path> files_below(const Path& folder) {
  std::vector<Path> found;
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied, error), end;
  for (int seen = 0; !error && entry != end && seen < kMostEntries; entry.increment(error), ++seen) {
    std::error_code ignored;
    if (entry->is_regular_file(ignored) && !entry->is_symlink(ignored)) found.push_back(entry->path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

// The administration of the private tree in the repository: the entry that names our folder.
Path entry_of_tree(const Path& common, const Path& tree) {
  std::error_code error;
  for (fs::directory_iterator entry(common / "worktrees", error), end; !error && entry != end; entry.increment(error)) {
    auto names = files::read(entry->path() / "gitdir", kMostRef);
    if (names && text::trim(*names) == (tree / ".git").native()) return entry->path();
  }
  return {};
}

void check_tree(const Places& places, const Path& entry, std::vector<Trouble>& troubles) {
  const Path tree = places.work_directory / "tree";
  Trouble trouble;
  if (files::exists(tree)) {
    auto repository = git::Repository::open(tree.native());
    if (repository) return;
    trouble.check = {Health::kNote, "private tree " + shown(tree) + ": " + repository.error().message(),
                     std::string(kRepair) + "removes it: it is a cache, and the next run makes it anew"};
    trouble.mend = [tree, entry]() -> Result<std::string> {
      if (auto removed = files::remove_tree(tree); !removed) return std::move(removed.error());
      if (auto removed = entry.empty() ? Result<void>() : files::remove_tree(entry); !removed)
        return std::move(removed.error());
      return "removed the private tree " + shown(tree);
    };
  } else if (!entry.empty()) {
    trouble.check = {Health::kNote, "the repository lists the private tree " + shown(tree) + ", which is gone",
                     std::string(kRepair) + "removes its entry " + shown(entry)};
    trouble.mend = [entry]() -> Result<std::string> {
      if (auto removed = files::remove_tree(entry); !removed) return std::move(removed.error());
      return "removed the entry " + shown(entry);
    };
  } else {
    return;
  }
  troubles.push_back(std::move(trouble));
}

bool is_old(const Path& file) {
  struct stat about {};
  return ::lstat(file.c_str(), &about) == 0 && std::time(nullptr) - about.st_mtime >= kUntouched;
}

void check_locks(const Path& common, const Path& entry, std::vector<Trouble>& troubles) {
  std::vector<Path> places = files_below(common / "refs/heads/daydream");
  for (const Path& more : files_below(common / "refs/daydream")) places.push_back(more);
  if (!entry.empty()) {
    for (const char* name : {"index.lock", "HEAD.lock"}) places.push_back(entry / name);
  }
  places.push_back(common / "refs/heads/daydream.lock");
  for (const Path& lock : places) {
    if (lock.extension() != ".lock" || !files::exists(lock) || !is_old(lock)) continue;
    Trouble trouble;
    trouble.check = {Health::kNote, shown(lock) + " was left by a git that was killed",
                     std::string(kRepair) + "removes it"};
    trouble.mend = [lock]() -> Result<std::string> {
      if (auto removed = files::remove_file(lock); !removed) return std::move(removed.error());
      return "removed " + shown(lock);
    };
    troubles.push_back(std::move(trouble));
  }
}

bool is_id(std::string_view words) {
  return (words.size() == 40 || words.size() == 64) &&
         std::all_of(words.begin(), words.end(), [](unsigned char c) { return std::isxdigit(c) != 0; });
}

// The tip that the store remembers of the night branch, when it is this one and the commit is there.
std::string tip_of(const Places& places, const std::string& ref) {
  auto store = checkpoint::Store::open({places.state_directory, places.work_directory, false, true});
  if (!store) return "";
  auto night = pipeline::load_night(**store);
  if (!night || night->ref != ref || night->tip.empty()) return "";
  auto known = places.git->resolve(night->tip + "^{commit}");
  return known ? night->tip : "";
}

Result<std::string> mend_ref(const Places& places, const Path& file, const std::string& ref) {
  const std::string tip = tip_of(places, ref);
  if (auto removed = files::remove_file(file); !removed) return std::move(removed.error());
  if (tip.empty()) return "removed the broken ref " + ref + "; the store knows no commit of it";
  if (auto moved = places.git->output({"update-ref", ref, tip}); !moved) return std::move(moved.error());
  return "set " + ref + " to " + tip.substr(0, 12) + " again, as the store remembers it";
}

// A ref whose file a power cut has emptied, or that names a commit which is not there.
void check_refs(const Places& places, const Path& common, std::vector<Trouble>& troubles) {
  for (const Path& file : files_below(common / "refs/heads/daydream")) {
    if (file.extension() == ".lock") continue;
    const std::string ref = file.lexically_relative(common).native();
    auto content = files::read(file, kMostRef);
    const std::string id(content ? text::trim(*content) : std::string_view());
    const bool symbolic = id.starts_with("ref: ");
    if (symbolic || (is_id(id) && places.git->resolve(id + "^{commit}"))) continue;
    Trouble trouble;
    trouble.check = {Health::kBad,
                     "the night branch " + ref.substr(ref.find("daydream/")) + " is broken: its file holds " +
                         (id.empty()  ? "nothing"
                          : is_id(id) ? "a commit that is not there"
                                      : "no commit id"),
                     std::string(kRepair) + "sets it to what the store remembers, or removes it"};
    trouble.mend = [places, file, ref] { return mend_ref(places, file, ref); };
    troubles.push_back(std::move(trouble));
  }
}

constexpr std::string_view kNights = "refs/heads/daydream/";

Result<std::vector<std::string>> night_refs(const git::Repository& repository) {
  auto listed = repository.output({"for-each-ref", "--format=%(refname)", std::string(kNights)});
  if (!listed) return std::move(listed.error());
  std::vector<std::string> refs;
  for (const std::string_view line : text::split(*listed, '\n')) {
    if (!text::trim(line).empty()) refs.emplace_back(text::trim(line));
  }
  return refs;
}

// "" where it was left as it is.
Result<std::string> set_aside(const git::Repository& repository, const std::string& ref) {
  auto worktrees = repository.output({"worktree", "list", "--porcelain"});
  if (!worktrees) return std::move(worktrees.error());
  const std::string name = ref.substr(ref.find("daydream/"));
  if (worktrees->find("branch " + ref + "\n") != std::string::npos)
    return "left " + name + " as it is: it is checked out, and the store knows nothing of it";
  auto tip = repository.resolve(ref);
  if (!tip) return std::move(tip.error());
  const std::string aside = "refs/daydream/lost/" + ref.substr(kNights.size());
  if (auto kept = repository.output({"update-ref", aside, *tip}); !kept) return std::move(kept.error());
  if (auto gone = repository.output({"update-ref", "-d", ref, *tip}); !gone) return std::move(gone.error());
  return "moved " + name + ", of a night that the store has lost, to " + aside;
}

}  // namespace

Result<std::vector<std::string>> put_refs_back(const Places& places) {
  std::vector<std::string> done;
  if (!places.under_git || !places.git) return done;
  auto store = checkpoint::Store::open({places.state_directory, places.work_directory, false, true});
  if (!store) return std::move(store.error());
  auto night = pipeline::load_night(**store);
  if (!night) return std::move(night.error());
  auto refs = night_refs(*places.git);
  if (!refs) return std::move(refs.error());
  for (const std::string& ref : *refs) {
    if (ref <= night->ref) continue;  // by date: kept ones of earlier nights are a human's
    auto aside = set_aside(*places.git, ref);
    if (!aside) return std::move(aside.error());
    done.push_back(std::move(*aside));
  }
  if (night->ref.empty() || night->commits.empty()) return done;
  auto now = places.git->resolve(night->ref);
  if (now || !places.git->resolve(night->tip + "^{commit}")) return done;
  if (auto set = places.git->output({"update-ref", night->ref, night->tip}); !set) return std::move(set.error());
  done.push_back("set " + night->ref + " to " + night->tip.substr(0, 12) + " again, as the store remembers it");
  return done;
}

std::vector<Trouble> find_git_leftovers(const Places& places) {
  std::vector<Trouble> troubles;
  if (!places.under_git || !places.git) return troubles;
  const Path common = places.git->common_directory();
  const Path entry = entry_of_tree(common, places.work_directory / "tree");
  check_locks(common, entry, troubles);
  check_tree(places, entry, troubles);
  check_refs(places, common, troubles);
  return troubles;
}

}  // namespace daydream::cli
