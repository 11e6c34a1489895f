// `daydream undo`: takes back what a run did outside the private tree. What was undone counts as declined, so that
// the next night does not do it again.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "changes/undo.hpp"

namespace daydream::pipeline {

struct UndoRequest {
  Path repository, state_directory, work_directory;  // absolute
  std::string run;                                   // "" = the newest that did something
  std::string step;                                  // "" = all of its steps
  std::map<std::string, std::vector<Path>> paths;    // of the manifest's steps: the roots "log:<n>"
  Instant now;
};

struct UndoneStep {
  std::string step;
  std::vector<changes::Undone> files;
};

struct UndoSummary {
  std::string run;
  std::vector<UndoneStep> steps;  // the last one first, as they were undone
};

// Takes the run lock. kUsage: no such run or step; kNotFound: nothing to undo. Once it returns ok, all of it
// survives a power cut; killed on its way, it may be called again.
Result<UndoSummary> undo(const UndoRequest& request);

}  // namespace daydream::pipeline
