// Reading a git repository through the git program, so that every format and setting works. Never
// writes, never takes an optional lock, runs no hook, no pager, no external diff, no textconv. Paths are
// bytes, relative to the work tree. What is read is untrusted. [any thread, one call at a time an object]
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daydream/kit/hash.hpp"
#include "daydream/kit/process.hpp"
#include "daydream/kit/result.hpp"

namespace daydream::git {

struct TreeEntry {
  std::string path;
  std::string id;          // of the blob, hexadecimal
  std::uint32_t mode = 0;  // 0100644, 0100755, 0120000 (symlink), 0160000 (submodule)
  int stage = 0;           // of the index; not 0 while a merge is unresolved
};

struct BlameLine {
  int line = 0;           // in the file as blamed, from 1
  std::string commit;     // all zero: not committed yet
  int original_line = 0;  // in that commit
  std::string original_path;
  std::int64_t author_time = 0;  // Unix seconds
};

struct Commit {
  std::string id;
  std::vector<std::string> parents;
  std::int64_t author_time = 0, commit_time = 0;  // Unix seconds
  std::string author_name, author_mail;
  std::string message;
};

class Repository {
 public:
  // `directory` is in a work tree. kNotFound when it is in none, kUnsupported for a bare repository,
  // kPermanent with git's words where git refuses (owned by somebody else, unknown extension).
  static Result<Repository> open(const std::string& directory);

  [[nodiscard]] const std::string& root() const { return root_; }              // of the work tree
  [[nodiscard]] const std::string& git_directory() const { return git_dir_; }  // absolute, of this work tree
  [[nodiscard]] const std::string& common_directory() const { return common_dir_; }
  [[nodiscard]] hash::GitFormat format() const { return format_; }

  // git with our guards and `-C root`: for what has no function here. Reading commands only. Begins with the
  // command's name; diff, log and show get --no-ext-diff --no-textconv. At most 1 GiB of output.
  Result<process::Outcome> run(const std::vector<std::string>& arguments, std::string input = "",
                               std::chrono::milliseconds timeout = std::chrono::minutes(2)) const;
  // As run(), and an outcome other than exit 0 is an error with git's last words.
  Result<std::string> output(const std::vector<std::string>& arguments, std::string input = "",
                             std::chrono::milliseconds timeout = std::chrono::minutes(2)) const;

  // Every function: kNotFound for a revision or path that is not there, kInvalid for one that git would take
  // for an option, kRetry after a time-out, else kPermanent with git's last words, masked and escaped.

  // A commit id, or kNotFound ("no commits yet" is said where HEAD is unborn).
  Result<std::string> resolve(const std::string& revision) const;
  Result<std::optional<std::string>> current_branch() const;  // full ref; none when detached
  Result<std::vector<TreeEntry>> index() const;               // ls-files --stage
  Result<std::vector<TreeEntry>> tree(const std::string& commit) const;
  // Untracked files that are ignored; whole folders end with '/'. Never enters nested repositories.
  Result<std::vector<std::string>> ignored() const;
  Result<std::string> blob(const std::string& id_or_revision_path) const;  // cat-file, any size up to 64 MiB
  // Many blobs through one process, in order. The callback gets nullopt for what is missing, is no blob or is
  // larger than 64 MiB.
  Result<void> blobs(const std::vector<std::string>& ids,
                     const std::function<void(std::size_t, std::optional<std::string>)>& each) const;
  // blame -w of whole lines (1-based, inclusive ranges; empty = all) at `revision`; "" = HEAD.
  Result<std::vector<BlameLine>> blame(const std::string& path, const std::string& revision,
                                       const std::vector<std::pair<int, int>>& ranges,
                                       std::chrono::milliseconds timeout) const;
  // At most `most` commits reachable from `revision` ("" = HEAD), newest first, touching `path` (a name, not a
  // pattern) when not empty.
  Result<std::vector<Commit>> log(const std::string& revision, const std::string& path, int most) const;

 private:
  std::string root_, git_dir_, common_dir_;
  hash::GitFormat format_ = hash::GitFormat::kSha1;
};

// The arguments and environment with which every call of git starts (hooks off, no prompts, no pager,
// optional locks off, LFS off, no transport, C locale); also for those in the host who write. The environment
// is ours without git's variables but for identity and the places of git's configuration.
std::vector<std::string> base_arguments();
std::map<std::string, std::string> base_environment();

}  // namespace daydream::git
