// One run from its first instruction, or from wherever it was stopped, to its report.
#pragma once

#include <string>

#include "pipeline/context.hpp"
#include "pipeline/identity.hpp"

namespace daydream::pipeline {

// Creates the run's row: base, carried night. Afterwards the run exists and can be gone on with.
Result<void> begin_run(Context& context, const NewRun& run, Mode mode, const std::vector<std::string>& only);

struct RunEnd {
  FinishedRun finished;
  int exit_code = 0;  // 0, 75, 78: of this run
  std::vector<std::string> words;
};
// Goes on with an existing run.
Result<RunEnd> go_on(Context& context, const std::string& id);

// What a run does behind its last commit, where a kill kept the newest one from it: state.json, spooled inputs,
// old runs, the copy of the store.
Result<void> close_last(Context& context);

// Finishes what was intended and not yet applied, for every run; before any step of any run.
Result<void> recover_effects(Context& context);
// Recovers, and never goes on with it.
Result<void> abandon_run(Context& context, const std::string& id);

}  // namespace daydream::pipeline
