// The end of a step: ids, what a human declined, verification, publishing, actions. Repeatable: killed at
// any point, the next start does it again from the store and comes to the same result.
#pragma once

#include <string>

#include "changes/draft.hpp"
#include "pipeline/context.hpp"

namespace daydream::pipeline {

// REQUIRES: the step's status is kEnded (or it was skipped), `draft` holds its edits, and the private tree
// stands at `start`. Afterwards the step is kCompleted or kSkipped, and the tree stands at the returned tip.
// kCancelled: asked to stop in the middle (of verification).
Result<std::string> settle(Context& context, const checkpoint::Run& run, checkpoint::Step step,
                           const PreparedStep& prepared, const changes::Draft& draft, const std::string& start);

}  // namespace daydream::pipeline
