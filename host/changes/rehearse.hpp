// What a night would see before its first change: the workspace prepared and the team's command run, in a private
// tree of its own that goes away again.
#pragma once

#include <string>

#include "changes/source_tree.hpp"
#include "changes/verify.hpp"

namespace daydream::changes {

// `where.work_directory` is this call's alone: made, and removed with all in it. Words of a red verdict say whether
// the workspace or the command failed. kNotFound: no commits yet. kCancelled: asked to stop. The user's files,
// index, HEAD and refs are not touched.
Result<Verdict> rehearse(const SourceTree::Options& where, const std::string& base, const WorkspaceOptions& workspace,
                         const VerifyOptions& options);

}  // namespace daydream::changes
