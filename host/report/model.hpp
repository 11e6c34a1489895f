// One model of a run, built from the store; every format is made from it. The JSON is
// report_<run id>.json and what the report step reads as output(run, "daydream", "report").
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "checkpoint/store.hpp"
#include "loader/descriptor.hpp"

namespace daydream::report {

struct StepFacts {
  std::string id, title;  // title of its section
  std::vector<loader::ReportLine> lines;
  std::string role;  // "step", "report"
};

struct Options {
  std::string run;
  std::vector<StepFacts> steps;      // in the order of the manifest
  Instant now;                       // taken as the end where the run has none
  std::vector<std::string> notices;  // of host and store, for people
  std::string repository;            // for the commands the report names
  std::string state_directory;       // the same; "" = the usual place in the repository
  std::string writing_step;          // the report step that is about to run: counted as completed
};

// {schema_version, run_id, date, mode, started_at, finished_at, duration_ms, resumed, steps[{number, id, status,
// code, message, attempts, duration_ms, peak_memory, role, title, lines[{text, metric or rules and actions, count,
// would, rendered, items[finding id]}]}], findings[], metrics{step: {name: value}}, summary{completed, total,
// others[{id, status}], issues}, action_required[{text, command, severity, step, findings[]}], notices[],
// night{ref, commits}}. Deterministic.
// findings: those of completed steps, for only their actions are settled. count: findings of the line's rules
// whose action is one of its actions, and `would` of them that the mode or the manifest forbade.
Result<std::string> build(checkpoint::Store& store, const Options& options);
// The `daily_report` lines of state.json: "<step>: <line>" of every settled step.
Result<std::vector<std::string>> daily_lines(checkpoint::Store& store, const Options& options);

}  // namespace daydream::report
