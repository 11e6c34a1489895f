// A run as read from the store, before it is written down: the parts of the model share it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "checkpoint/store.hpp"
#include "report/model.hpp"

namespace daydream::report {

struct StepView {
  const StepFacts* facts = nullptr;
  checkpoint::Step step;          // of the store; kPending when it has none
  std::string status;             // name; "completed" also for the report step that is about to run
  std::vector<Finding> findings;  // empty unless completed: only then their actions are settled
  std::vector<std::pair<std::string, double>> metrics;
  [[nodiscard]] bool completed() const { return status == "completed"; }
};

struct View {
  checkpoint::Run run;
  std::vector<StepView> steps;  // in the order of the manifest
  std::string night_ref;        // "" = no night branch is open
  std::vector<std::string> night_commits;
  [[nodiscard]] Instant end(const Options& options) const { return run.finished.ms != 0 ? run.finished : options.now; }
};

Result<View> read_view(checkpoint::Store& store, const Options& options);

// One line of a section with its count.
struct CountedLine {
  double count = 0;
  int would = 0;                   // of them what was not done, because it must not be
  std::string rendered;            // the line for people
  std::vector<std::string> items;  // ids of the findings counted
};
CountedLine count_line(const loader::ReportLine& line, const StepView& step, Mode mode);
// 4, 12.5: no more digits than a number needs.
std::string number_text(double number);

// What needs a person: ranked, each matter once, at most ten.
struct Attention {
  std::string text, command;
  Severity severity = Severity::kInfo;
  std::string step;
  std::vector<std::string> findings;
};
std::vector<Attention> what_needs_attention(const View& view, const Options& options);

}  // namespace daydream::report
