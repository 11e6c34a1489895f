// One step through its attempts: back-off between them, then failure, then quarantine.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "changes/draft.hpp"
#include "pipeline/context.hpp"
#include "pipeline/state_file.hpp"
#include "session/session.hpp"

namespace daydream::pipeline {

struct StepJob {
  const PreparedStep* prepared = nullptr;
  int total_steps = 0;
  std::vector<std::string> earlier_steps;
  std::vector<std::pair<std::string, std::string>> inputs;  // roots of the run
};

struct Attempted {
  StepEnd end = StepEnd::kFailed;
  checkpoint::Step step;  // as stored: kEnded, kSkipped (not settled), kFailed, kQuarantined, kRunning
};

// REQUIRES: the private tree stands at the step's start. `draft` receives the edits. `on_change` is called
// whenever state.json should be written; `on_progress` for progress alone.
Result<Attempted> attempt_step(Context& context, const checkpoint::Run& run, checkpoint::Step step, const StepJob& job,
                               changes::Draft& draft, const std::function<void(const checkpoint::Step&)>& on_change,
                               const std::function<void(const session::StepProgress&)>& on_progress,
                               const std::function<void()>& on_tick);

// The options with which one try is made; also for commands of plugins.
session::Options session_options(Context& context, const checkpoint::Run& run, const StepJob& job, int attempt);

}  // namespace daydream::pipeline
