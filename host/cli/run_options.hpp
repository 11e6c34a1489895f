// The flags of `daydream run` -> pipeline::RunOptions; `serve` shares them.
#pragma once

#include "cli/command.hpp"
#include "cli/context.hpp"
#include "pipeline/run.hpp"

namespace daydream::cli {

// kUsage for values and flags that do not go together; else what locate() and load_manifest() say.
// `if_due`: the schedule decides whether there is anything to run.
Result<pipeline::RunOptions> run_options(const Arguments& arguments, bool if_due);

}  // namespace daydream::cli
