// state.json: a view for people and monitors, never read back. Written by temp + rename, at most once a
// second while the run goes on.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "checkpoint/store.hpp"
#include "session/progress.hpp"

namespace daydream::pipeline {

struct StateView {
  checkpoint::Run run;
  std::vector<checkpoint::Step> steps;  // in order
  int current_step = 1;
  Instant step_started;  // ms 0: between steps
  std::optional<session::StepProgress> progress;
  std::vector<std::string> daily_report;
};

std::string to_json(const StateView& view);
// Does the file show this run as it ended? It is never synced: a power cut may tear it, or leave an older one.
bool shows(const Path& file, const checkpoint::Run& run);

class StateFile {
 public:
  StateFile(Path file, const Clock& clock) : file_(std::move(file)), clock_(clock) {}
  // Now. An error is logged: the run goes on without its view.
  Result<void> write(const StateView& view);
  // At most once a second: what comes sooner waits for a tick() behind that second, or the next write().
  void write_soon(const std::function<StateView()>& view);
  void tick(const std::function<StateView()>& view);

 private:
  [[nodiscard]] bool too_soon() const;
  Path file_;
  const Clock& clock_;
  std::optional<Milliseconds> last_;
  bool waiting_ = false;
};

}  // namespace daydream::pipeline
