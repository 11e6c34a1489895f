// Where the steps of one run stand, and what state.json shows of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pipeline/context.hpp"
#include "pipeline/state_file.hpp"

namespace daydream::pipeline {

[[nodiscard]] bool is_settled(const checkpoint::Step& step);
[[nodiscard]] bool is_report(const PreparedStep& step);

class Board {
 public:
  // `run` outlives it and may change meanwhile.
  Board(Context& context, const checkpoint::Run& run)
      : context_(context), run_(run), state_(context.options.state_directory / "state.json", context.clock) {}

  // --only and --from chose the steps when the run began; what the manifest has lost since is left out.
  Result<void> select();
  // Step identity is step + plugin + configuration: completed steps stay completed, an incomplete one whose
  // identity changed starts anew, in one transaction. The report is written again whenever a run goes on.
  Result<void> sort_out_changed();

  [[nodiscard]] const std::vector<PreparedStep>& steps() const { return steps_; }    // of this run, in order
  [[nodiscard]] const std::vector<checkpoint::Step>& rows() const { return rows_; }  // same order
  // REQUIRES: a step of this run.
  checkpoint::Step& row(const std::string& id);

  // state.json, soon; an error is logged: the run goes on without its view.
  void show(const checkpoint::Step& step);  // a row as it is from now on
  void show(const session::StepProgress& progress);
  void show_soon();
  void tick();
  Result<void> write();  // now
  // The lines of the report as they would be if the run ended now.
  void refresh_lines();

 private:
  [[nodiscard]] StateView view() const;

  Context& context_;
  const checkpoint::Run& run_;
  StateFile state_;
  std::vector<PreparedStep> steps_;
  std::vector<checkpoint::Step> rows_;
  std::vector<std::string> lines_;  // daily_report of state.json
  std::optional<session::StepProgress> progress_;
};

}  // namespace daydream::pipeline
