#include "changes/snapshot.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <set>
#include <utility>

#include "base/files.hpp"
#include "changes/git_writer.hpp"

namespace daydream::changes::snapshot {

namespace {

using Identity = std::pair<dev_t, ino_t>;
using Directory = std::unique_ptr<DIR, int (*)(DIR*)>;

std::set<Identity> identities(const std::vector<Path>& folders) {
  std::set<Identity> result;
  for (const auto& folder : folders) {
    struct stat facts {};
    if (::stat(folder.c_str(), &facts) == 0) result.emplace(facts.st_dev, facts.st_ino);
  }
  return result;
}

Directory open_folder(int root, const std::string& path) {
  int fd = ::openat(root, path.empty() ? "." : path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  DIR* stream = fd < 0 ? nullptr : ::fdopendir(fd);
  if (stream == nullptr && fd >= 0) ::close(fd);
  return {stream, &::closedir};
}

class Scan {
 public:
  Scan(int root, const std::vector<Path>& excluded) : root_(root), excluded_(identities(excluded)) {}

  std::vector<std::string> run() {
    std::vector<std::string> waiting{""};
    while (!waiting.empty()) {
      std::string folder = std::move(waiting.back());
      waiting.pop_back();
      enter(folder, waiting);
    }
    std::sort(found_.begin(), found_.end());
    return std::move(found_);
  }

 private:
  void enter(const std::string& folder, std::vector<std::string>& waiting) {
    Directory stream = open_folder(root_, folder);
    if (stream == nullptr) return;
    int fd = ::dirfd(stream.get());
    if (!folder.empty() && ::faccessat(fd, ".git", F_OK, AT_SYMLINK_NOFOLLOW) == 0) return;  // another repository
    while (const dirent* entry = ::readdir(stream.get())) {
      std::string name = entry->d_name;
      if (name == "." || name == ".." || name == ".git") continue;
      struct stat facts {};
      if (::fstatat(fd, name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) != 0) continue;
      std::string path = folder.empty() ? name : folder + "/" + name;
      if (S_ISDIR(facts.st_mode)) {
        if (excluded_.count({facts.st_dev, facts.st_ino}) == 0) waiting.push_back(std::move(path));
      } else if (S_ISLNK(facts.st_mode) ||
                 (S_ISREG(facts.st_mode) && ::faccessat(fd, name.c_str(), R_OK, AT_EACCESS) == 0)) {
        found_.push_back(std::move(path));
      }
    }
  }

  int root_;
  std::set<Identity> excluded_;
  std::vector<std::string> found_;
};

struct Index {
  GitWriter git;
  std::map<std::string, std::string> environment;

  Result<std::string> output(std::vector<std::string> arguments, std::string input = "") const {
    return git.line(GitWriter::Call{std::move(arguments), std::move(input), environment});
  }
};

// The tree object of `paths`.
Result<std::string> fill(const Index& index, const std::vector<std::string>& paths) {
  auto before = index.output({"ls-files", "-z"});
  if (!before) return std::move(before.error());
  std::set<std::string> all(paths.begin(), paths.end());
  // Gone ones first, so that a folder may take the name of a file.
  std::vector<std::string> gone;
  for (auto& path : split_records(*before)) {
    if (all.count(path) == 0) gone.push_back(std::move(path));
  }
  auto removed = index.output({"update-index", "--force-remove", "-z", "--stdin"}, join_records(gone));
  if (!removed) return std::move(removed.error());
  auto added = index.output({"update-index", "--add", "--replace", "-z", "--stdin"}, join_records(paths));
  if (!added) return added;
  return index.output({"write-tree"});
}

}  // namespace

Result<std::vector<std::string>> files_below(const Path& root, const std::vector<Path>& excluded) {
  files::Descriptor folder(::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0) return Error::from_errno(errno, root.string());
  return Scan(folder.get(), excluded).run();
}

Result<std::string> take(const Source& source) {
  auto paths = files_below(source.live, source.excluded);
  if (!paths) return std::move(paths.error());
  Index index{GitWriter(source.live),
              {{"GIT_DIR", source.repository.string()},
               {"GIT_WORK_TREE", source.live.string()},
               {"GIT_INDEX_FILE", source.index.string()}}};
  if (auto removed = files::remove_file(source.index.string() + ".lock"); !removed) return std::move(removed.error());
  auto tree = fill(index, *paths);
  if (!tree) {
    // An index torn by a power cut, or of a repository made anew, is only a cache: read everything once more.
    if (auto removed = files::remove_file(source.index); !removed) return std::move(removed.error());
    tree = fill(index, *paths);
  }
  if (!tree) return std::move(tree.error()).context("copying the tree");
  Index commit = index;
  commit.environment.merge(dated(0));
  return commit.output({"commit-tree", "-m", "The tree as it was", *tree});
}

}  // namespace daydream::changes::snapshot
