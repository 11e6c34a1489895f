// What is kept of past runs, and for how long (`pipeline.retention_days`).
#pragma once

#include "pipeline/context.hpp"

namespace daydream::pipeline {

// Drops what finished runs older than the retention, counted back from `started`, left in the store and beside it,
// then renews the store's copy. Killed in the middle, the next close does the rest.
Result<void> forget_old_runs(Context& context, Instant started);

}  // namespace daydream::pipeline
