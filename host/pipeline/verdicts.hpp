// What verify has shown, kept in the store: the tree before any change, and each choice of changes tried, so that a
// run that is killed in the middle of a bisection goes on with it.
#pragma once

#include <string>

#include "changes/verify.hpp"
#include "pipeline/context.hpp"

namespace daydream::pipeline {

// With the team's command from the manifest, stopped with the run; verdicts are kept as they come.
changes::VerifyOptions verify_options(Context& context);

enum class Baseline {
  kGreen,
  kFlaky,  // red, then green: said; red proves something only when it comes twice
  kRed,    // said: nothing can be shown to be good
};
// The tree as it stands at commit `start`, before any change. Known while source and command are unchanged; red
// only for this run, for its cause may lie outside of both.
Result<Baseline> verify_baseline(Context& context, const std::string& run, const std::string& start,
                                 const changes::VerifyOptions& options);

// With the end of the step, whose findings then say it all.
Result<void> forget_verdicts(Context& context, checkpoint::Transaction& transaction);

}  // namespace daydream::pipeline
