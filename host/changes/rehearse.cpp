#include "changes/rehearse.hpp"

#include "base/files.hpp"
#include "changes/git_writer.hpp"

namespace daydream::changes {

namespace {

Result<void> clear(const SourceTree::Options& where) {
  const Path tree = where.work_directory / "tree";
  // Else the repository would remember a work tree that is gone. Of a tree that is none git knows nothing: fine.
  if (where.under_git && files::exists(tree))
    (void)GitWriter(where.live).run({{"worktree", "remove", "-f", "-f", tree.string()}, "", {}});
  return files::remove_tree(where.work_directory);
}

Result<Verdict> rehearse_in(SourceTree& tree, const std::string& base, const WorkspaceOptions& workspace,
                            const VerifyOptions& options) {
  auto commit = tree.resolve_base(base);
  if (!commit) return std::move(commit.error()).context("base " + base);
  if (auto reset = tree.reset(*commit); !reset) return std::move(reset.error()).context("private tree");
  auto notes = prepare_workspace(tree, workspace);
  if (!notes) return std::move(notes.error()).context("workspace");
  if (!notes->empty()) return Verdict{false, notes->front()};
  return verify(tree, options);
}

}  // namespace

Result<Verdict> rehearse(const SourceTree::Options& where, const std::string& base, const WorkspaceOptions& workspace,
                         const VerifyOptions& options) {
  if (auto cleared = clear(where); !cleared) return std::move(cleared.error());
  if (auto made = files::make_directories(where.work_directory); !made) return std::move(made.error());
  auto verdict = [&]() -> Result<Verdict> {
    auto tree = SourceTree::open(where);
    if (!tree) return std::move(tree.error());
    return rehearse_in(**tree, base, workspace, options);
  }();
  if (auto cleared = clear(where); !cleared && verdict) return std::move(cleared.error());
  return verdict;
}

}  // namespace daydream::changes
