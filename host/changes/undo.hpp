// Back to how it was: what a step wrote in place, and logs it archived. A file that a human has changed since is
// never touched. What a step discarded (caches, build outputs) rebuilds itself and is not kept.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/model.hpp"
#include "changes/undo_pack.hpp"

namespace daydream::changes {

struct Undone {
  enum class Outcome { kRestored, kAlready, kRefused } outcome = Outcome::kRefused;
  std::string path;
  std::string why;  // of a refusal
};

// An error only where nothing could be decided (disk full, EIO). Synced before it returns.
Result<std::vector<Undone>> undo_edits(const Path& live, const std::vector<UndoEntry>& entries);
// REQUIRES: an applied archive effect. The archived copy stays.
Result<Undone> undo_archive(const Effect& effect, const std::vector<std::pair<std::string, Path>>& roots,
                            const Path& state_directory);

}  // namespace daydream::changes
