// What the parts of a run share.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "broker/client.hpp"
#include "changes/night.hpp"
#include "changes/source_tree.hpp"
#include "checkpoint/store.hpp"
#include "pipeline/prepare.hpp"
#include "pipeline/run.hpp"
#include "report/model.hpp"

namespace daydream::pipeline {

struct Context {
  const RunOptions& options;
  const Clock& clock;
  checkpoint::Store& store;
  changes::SourceTree& tree;
  std::vector<PreparedStep> steps;  // of the manifest
  std::string zone;
  std::optional<Milliseconds> deadline;  // monotonic; of --budget
  std::vector<std::string> notices;      // of this start, for the report
  broker::Client* broker = nullptr;      // started by the first request of a step

  [[nodiscard]] bool out_of_budget() const { return deadline && clock.monotonic() >= *deadline; }
  [[nodiscard]] bool stop() const { return out_of_budget() || (options.stop_requested && options.stop_requested()); }
};

// How one step of one run ended, in this start.
enum class StepEnd {
  kSettled,      // completed or skipped
  kFailed,       // all attempts used up
  kQuarantined,  // goes without it from now on
  kInterrupted,  // asked to stop, or out of budget
};

// The model's options for this run: sections, notices.
report::Options report_options(const Context& context, const checkpoint::Run& run,
                               const std::vector<PreparedStep>& steps);

// A run row's facts, as JSON.
struct Facts {
  std::string zone;
  std::vector<std::string> only;  // empty: all steps
  bool forced = false;            // by --only: `when` and `every` do not count
  [[nodiscard]] std::string to_json() const;
  static Facts from_json(std::string_view json);
};

}  // namespace daydream::pipeline
