#include "changes/worktree.hpp"

#include <filesystem>
#include <system_error>
#include <vector>

#include "base/files.hpp"
#include "changes/durable.hpp"
#include "changes/git_writer.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::changes::worktree {

namespace {

constexpr std::size_t kSmall = 64 << 10;
constexpr std::string_view kPointer = "gitdir: ";

std::string first_line(const Path& file) {
  auto content = files::read(file, kSmall);
  if (!content) return "";
  return std::string(text::trim(content->substr(0, content->find('\n'))));
}

bool same_file(const Path& one, const Path& other) {
  std::error_code ignored;
  return std::filesystem::equivalent(one, other, ignored);
}

// Entries that lead to `tree`, whole or torn: git cannot list worktrees, nor add one, beside an entry that was
// killed while its `commondir` was written.
Result<void> remove_entries(const Path& common_directory, const Path& tree) {
  std::error_code error;
  const Path pointer = std::filesystem::weakly_canonical(tree, error) / ".git";
  std::vector<Path> ours;
  std::filesystem::directory_iterator entry(common_directory / "worktrees", error), end;
  for (; !error && entry != end; entry.increment(error)) {
    if (first_line(entry->path() / "gitdir") == pointer.native()) ours.push_back(entry->path());
  }
  for (const Path& folder : ours) {
    if (auto removed = files::remove_tree(folder); !removed) return removed;
  }
  return {};
}

}  // namespace

Path administration(const Path& tree, const Path& common_directory) {
  std::string pointer = first_line(tree / ".git");
  if (pointer.compare(0, kPointer.size(), kPointer) != 0) return {};
  Path folder = pointer.substr(kPointer.size());
  if (!same_file(folder.parent_path(), common_directory / "worktrees")) return {};
  if (!same_file(Path(first_line(folder / "gitdir")), tree / ".git")) return {};
  if (first_line(folder / "HEAD").empty() || first_line(folder / "commondir").empty()) return {};
  return folder;
}

Result<void> create(const Path& live, const Path& common_directory, const Path& tree, const std::string& commit) {
  if (auto removed = files::remove_tree(tree); !removed) return removed;
  if (auto removed = remove_entries(common_directory, tree); !removed) return removed;
  // Twice -f: an entry of ours whose folder is gone, locked or not, is taken over.
  auto made =
      GitWriter(live).output_of({"worktree", "add", "-f", "-f", "--detach", "--no-checkout", tree.string(), commit});
  if (!made) return std::move(made.error()).context("making the private tree");
  // An entry torn by a power cut could not be told from somebody else's, and would stay.
  const std::string pointer = first_line(tree / ".git");
  if (pointer.compare(0, kPointer.size(), kPointer) != 0) return Error(ErrorKind::kRetry, "git made no private tree");
  return sync_file_systems({pointer.substr(kPointer.size())});
}

Result<void> remove_locks(const Path& administration) {
  std::vector<Path> locks;  // of the index, HEAD, ORIG_HEAD, whatever git was writing
  std::error_code error;
  for (std::filesystem::directory_iterator entry(administration, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() == ".lock") locks.push_back(entry->path());
  }
  for (const Path& lock : locks) {
    if (auto removed = files::remove_file(lock); !removed) return removed;
  }
  return {};
}

bool own_is_whole(const Path& repository, const Path& tree) {
  return files::exists(repository / "daydream-ready") &&
         first_line(tree / ".git") == std::string(kPointer) + repository.string();
}

Result<void> create_own(const Path& repository, const Path& tree) {
  if (auto removed = files::remove_tree(tree); !removed) return removed;
  if (auto made = files::make_directories(tree); !made) return made;
  if (!files::exists(repository / "daydream-ready")) {
    if (auto removed = files::remove_tree(repository); !removed) return removed;
    auto made = GitWriter(tree).output_of({"init", "-q", "--template=", "--initial-branch=main",
                                           "--separate-git-dir=" + repository.string(), tree.string()});
    if (!made) return std::move(made.error()).context("making a repository for the copy");
    for (const char* setting : {"core.autocrlf", "core.ignoreCase"}) {
      auto set = GitWriter(tree).output_of({"config", setting, "false"});
      if (!set) return std::move(set.error());
    }
    if (auto folder = files::make_directories(repository / "info"); !folder) return folder;
    auto attributes = files::write_replace(repository / "info/attributes",
                                           "* -text -ident -filter -working-tree-encoding\n", files::Durability::kNone);
    if (!attributes) return attributes;
    if (auto synced = sync_file_systems({repository}); !synced) return synced;
    return files::write_replace(repository / "daydream-ready", "1\n", files::Durability::kNone);
  }
  return files::write_replace(tree / ".git", std::string(kPointer) + repository.string() + "\n",
                              files::Durability::kNone);
}

}  // namespace daydream::changes::worktree
