// Effects outside the private tree: discard, archive, files of the state directory; applied after their
// commit, finished by recovery, undoable where it matters.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/model.hpp"
#include "daydream/kit/result.hpp"

namespace daydream::changes {

struct LiveOptions {
  Mode mode = Mode::kBranch;
  std::vector<std::pair<std::string, Path>> roots;  // "repository", "log:<n>"
  Path state_directory, work_directory;
  std::string run_id;
  bool archive_apply = false;  // the step says "archive": {"apply": true}
  bool artifacts_all = false;  // the step says "artifacts": "all"
};

// Applies one effect, or finishes it after a kill: the same call, by the recovery table of DESIGN
// section 5. Sets state and detail. An error only where nothing could be decided (disk full, EIO).
Result<void> apply_live(Effect& effect, const LiveOptions& options);
// One sync for a batch of the above; before the effects are marked done.
Result<void> sync_live(const LiveOptions& options);

}  // namespace daydream::changes
