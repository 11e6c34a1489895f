// The private tree: what each step sees, in every mode. Under git one kept, detached worktree of the
// user's repository; without git a full copy, itself put under a git repository of ours, so that all
// that follows is the same. It is a cache: rebuilt from store + base at any time, never synced.
// No room but changes/ writes to a source tree.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/model.hpp"
#include "daydream/kit/git.hpp"
#include "daydream/kit/result.hpp"

namespace daydream::changes {

struct Entry {
  std::string path;  // bytes
  std::uint64_t size = 0;
  std::uint64_t token = 0;
};

class GitWriter;

class SourceTree {
 public:
  struct Options {
    Path live;  // the user's tree, absolute
    bool under_git = true;
    Path work_directory;                                   // the tree lies in <work_directory>/tree
    Path state_directory;                                  // excluded from a copy when it lies inside `live`
    std::optional<git::Repository> opened = std::nullopt;  // `live`, where the caller has opened it already
  };
  static Result<std::unique_ptr<SourceTree>> open(const Options& options);
  ~SourceTree();

  [[nodiscard]] const Path& path() const { return path_; }
  [[nodiscard]] const Path& live() const { return options_.live; }
  [[nodiscard]] bool under_git() const { return options_.under_git; }
  [[nodiscard]] const git::Repository& repository() const { return *repository_; }

  // Without git: takes a fresh copy of the live tree and commits it; under git: resolves the revision.
  Result<std::string> resolve_base(const std::string& revision);
  // Makes files and index those of `commit`, removes all else but ignored linked folders. Cheap when they
  // already are.
  Result<void> reset(const std::string& commit);
  // Makes sure that there is a private tree at all, at whatever commit: writer() works from then on.
  Result<void> provide(const std::string& commit);
  [[nodiscard]] const std::string& commit() const { return commit_; }

  // Regular tracked files in byte order of path, with tokens; sizes by stat. No file is opened unless
  // attributes convert content. After an edit of this run the token is that of the new content.
  Result<std::vector<Entry>> list();
  Result<std::string> read(const std::string& path) const;  // beneath the tree, no symlinks
  // Writes, creates or removes one file of the tree (temp + rename, mode kept).
  Result<void> write(const std::string& path, std::string_view content);
  Result<void> remove(const std::string& path);

  // kUnsupported, with the reason, where an edit of this file could not be committed as it reads: a filter
  // program of the repository (LFS, encryption) stands between its bytes and git's. kNotFound: not tracked.
  Result<void> editable(const std::string& path);
  [[nodiscard]] bool tracked(const std::string& path);  // a regular file that list() names
  // ok when nothing lies at `path` and no part of it is a file or a symlink; else kConflict.
  Result<void> free_place(const std::string& path) const;
  // Something else than write() may have changed files here (verify, setup): the next reset looks at all.
  void mark_disturbed() const;
  // Untracked paths that reset() leaves alone from now on (linked folders, products of setup).
  Result<void> keep(std::vector<std::string> paths);
  [[nodiscard]] const std::vector<std::string>& kept() const;
  // git in the private tree, for the rest of changes/.
  [[nodiscard]] const GitWriter& writer();
  [[nodiscard]] const Path& work_directory() const { return options_.work_directory; }

  // A commit of the tree's present state of `paths` on top of `parent`; deterministic for equal input.
  struct CommitSpec {
    std::string parent, message;
    std::vector<std::string> paths;
    std::int64_t when = 0;  // Unix seconds, author and committer date
  };
  Result<std::string> commit_paths(const CommitSpec& spec);

 private:
  struct State;
  explicit SourceTree(Options options);
  Result<void> rebuild(const std::string& commit);
  Result<void> check_out(const std::string& commit);
  Result<void> load();
  void learn(const std::string& path, std::string_view content);
  Options options_;
  Path path_;
  std::string commit_;
  std::unique_ptr<git::Repository> repository_;
  std::unique_ptr<State> state_;
};

}  // namespace daydream::changes
