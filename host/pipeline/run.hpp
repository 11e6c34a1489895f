// A run: what is next, what is done. One call finishes an unfinished run under its own id, then today's.
// May be killed at any instruction; the next call goes on where it was.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/model.hpp"
#include "checkpoint/store.hpp"
#include "daydream/kit/git.hpp"
#include "daydream/kit/result.hpp"
#include "manifest/pipeline.hpp"
#include "session/progress.hpp"

namespace daydream::pipeline {

// What --if-due asks of schedule/: the dates with a completed full run, and whether one is unfinished.
struct DueQuestion {
  std::vector<std::string> completed_dates;
  std::string unfinished_date;  // "" = none
  Instant now;
};

struct RunOptions {
  Path repository;  // root of the live tree, absolute
  bool under_git = true;
  std::optional<git::Repository> git;    // where it has been opened already
  Path state_directory, work_directory;  // absolute
  manifest::Loaded manifest;             // checked and trusted
  std::optional<Mode> mode;              // --mode; else the manifest's, else branch / patch
  std::vector<std::string> only;         // --only
  std::string from;                      // --from
  bool fresh = false;
  bool in_process = false;
  std::optional<Milliseconds> budget;
  std::optional<Severity> fail_on;
  std::optional<Instant> now;  // --now: wall time frozen
  // --if-due: the date that is due, or none. Not set: asked by hand.
  std::function<std::optional<std::string>(const DueQuestion&)> due;
  session::ProgressSink* progress = nullptr;  // may be null; outlives the call
  std::function<bool()> stop_requested;       // SIGTERM, SIGINT; any thread
  int stop_descriptor = -1;                   // readable once a stop is requested; -1 = none
};

struct FinishedRun {
  std::string id;
  checkpoint::RunStatus status = checkpoint::RunStatus::kCompleted;
  Path report_markdown, report_json;  // empty where not written
  int completed = 0, total = 0, issues = 0;
};

struct RunSummary {
  int exit_code = 0;
  std::vector<FinishedRun> runs;   // empty: nothing was due
  std::vector<std::string> words;  // for people: why it stopped, what waits
};

// Errors are what keeps a run from starting (exit 64, 65, 75 lock held, 78 damaged).
Result<RunSummary> run(const RunOptions& options);

}  // namespace daydream::pipeline
