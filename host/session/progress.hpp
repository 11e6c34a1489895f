// Where progress of steps goes: the command line's progress line, state.json. [host thread]
#pragma once

#include <cstdint>
#include <string>

namespace daydream::session {

struct StepProgress {
  std::string step;
  int number = 0, total_steps = 0;
  std::uint64_t done = 0, total = 0;  // total 0 = unknown
  std::string what;                   // valid UTF-8, not escaped
};

class ProgressSink {
 public:
  virtual ~ProgressSink() = default;
  virtual void step_started(const StepProgress& progress) = 0;
  virtual void step_progress(const StepProgress& progress) = 0;
  // `words`: "completed", "skipped: not configured", "failed: ...".
  virtual void step_ended(const StepProgress& progress, const std::string& words) = 0;
};

}  // namespace daydream::session
