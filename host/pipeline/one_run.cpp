#include "pipeline/one_run.hpp"

#include <algorithm>

#include "base/files.hpp"
#include "changes/verify.hpp"
#include "checkpoint/copy.hpp"
#include "daydream/kit/json.hpp"
#include "log/log.hpp"
#include "pipeline/attempts.hpp"
#include "pipeline/board.hpp"
#include "pipeline/inputs.hpp"
#include "pipeline/night_record.hpp"
#include "pipeline/report_step.hpp"
#include "pipeline/retention.hpp"
#include "pipeline/settle.hpp"
#include "pipeline/state_file.hpp"
#include "pipeline/turn.hpp"

namespace daydream::pipeline {

namespace {

using checkpoint::RunStatus;
using checkpoint::StepStatus;

class OneRun {
 public:
  OneRun(Context& context, checkpoint::Run run) : context_(context), run_(std::move(run)), board_(context, run_) {}

  Result<RunEnd> go();
  Result<void> close_again();

 private:
  Result<void> open();
  Result<void> find_tip();
  Result<void> prepare_tree();
  Result<void> run_steps();
  Result<bool> takes_turn(const PreparedStep& prepared);
  Result<StepEnd> run_step(const PreparedStep& prepared);
  Result<StepEnd> settle_step(const PreparedStep& prepared, const checkpoint::Step& step, const changes::Draft& draft);
  Result<void> rebuild(changes::Draft& draft, const std::string& step);
  void after(const PreparedStep& prepared, StepEnd end);
  Result<void> run_report();
  Result<void> close();
  Result<void> after_close();
  Result<RunEnd> end();

  StepJob job_of(const PreparedStep& prepared) const;

  Context& context_;
  checkpoint::Run run_;
  Board board_;
  std::vector<std::pair<std::string, std::string>> inputs_;
  std::string tip_;
  bool stopped_ = false;      // by a failure with on_failure stop
  bool interrupted_ = false;  // by a signal or the budget
  bool quarantined_ = false;
  std::vector<std::string> words_;
};

StepJob OneRun::job_of(const PreparedStep& prepared) const {
  StepJob job;
  job.prepared = &prepared;
  job.total_steps = static_cast<int>(board_.steps().size());
  job.inputs = inputs_;
  for (const PreparedStep& step : board_.steps()) {
    if (step.number < prepared.number) job.earlier_steps.push_back(step.manifest.id);
  }
  return job;
}

// Where the tree stands for the next step: the night's tip, else what the last settled step left.
Result<void> OneRun::find_tip() {
  tip_ = run_.base;
  for (const auto& step : board_.rows()) {
    if (step.status == StepStatus::kCompleted && !member(step.result, "tip").empty()) tip_ = member(step.result, "tip");
  }
  if (run_.mode != Mode::kBranch) return {};
  auto night = load_night(context_.store);
  if (!night) return std::move(night.error());
  if (!night->commits.empty()) tip_ = night->tip;
  return {};
}

Result<void> OneRun::prepare_tree() {
  if (auto reset = context_.tree.reset(tip_); !reset) return std::move(reset.error()).context("private tree");
  const auto& workspace = context_.options.manifest.pipeline.workspace;
  if (workspace.link.empty() && workspace.setup.empty()) return {};
  auto notes = changes::prepare_workspace(context_.tree, {workspace.link, workspace.setup, workspace.setup_timeout});
  if (!notes) return std::move(notes.error()).context("workspace");
  for (const auto& note : *notes) context_.notices.push_back(note);
  return {};
}

Result<void> OneRun::open() {
  const bool resumed = std::any_of(board_.rows().begin(), board_.rows().end(),
                                   [](const auto& step) { return step.status != StepStatus::kPending; });
  if (resumed) {
    ++run_.resumed;
    log::info("pipeline", "going on with run " + run_.id);
  } else {
    log::info("pipeline", "run " + run_.id + ", mode " + std::string(name_of(run_.mode)));
  }
  run_.status = RunStatus::kRunning;
  checkpoint::Transaction transaction;
  transaction.put_run(run_);
  return context_.store.commit_lazily(std::move(transaction));
}

Result<RunEnd> OneRun::go() {
  if (auto done = board_.select(); !done) return std::move(done.error());
  if (auto done = open(); !done) return std::move(done.error());
  if (auto done = board_.sort_out_changed(); !done) return std::move(done.error());
  if (auto done = find_tip(); !done) return std::move(done.error());
  if (auto done = prepare_tree(); !done) return std::move(done.error());
  auto inputs = provide_inputs(context_, run_.id);
  if (!inputs && inputs.error().kind() == ErrorKind::kCancelled)
    interrupted_ = true;
  else if (!inputs)
    return std::move(inputs.error());
  else
    inputs_ = std::move(*inputs);
  board_.refresh_lines();
  (void)board_.write();
  if (auto done = run_steps(); !done) return std::move(done.error());
  if (!interrupted_) {
    if (auto done = run_report(); !done) return std::move(done.error());
  }
  if (auto done = close(); !done) return std::move(done.error());
  return end();
}

Result<void> OneRun::run_steps() {
  for (const PreparedStep& prepared : board_.steps()) {
    if (interrupted_) break;
    if (is_report(prepared) || is_settled(board_.row(prepared.manifest.id))) continue;
    if (stopped_ && !runs_after_a_stop(prepared.manifest.when)) continue;
    if (context_.stop()) {
      interrupted_ = true;
      words_.push_back(context_.out_of_budget() ? "out of budget" : "asked to stop");
      break;
    }
    auto turn = takes_turn(prepared);
    if (!turn) return std::move(turn.error());
    if (!*turn) continue;
    auto end = run_step(prepared);
    if (!end) return std::move(end.error());
    after(prepared, *end);
  }
  return {};
}

// A step that has begun goes on: what was decided then holds.
Result<bool> OneRun::takes_turn(const PreparedStep& prepared) {
  checkpoint::Step step = board_.row(prepared.manifest.id);
  if (step.status != StepStatus::kPending) return true;
  std::vector<checkpoint::Step> before;
  for (const auto& other : board_.rows()) {
    if (other.number < step.number) before.push_back(other);
  }
  auto turn = take_turn(context_, run_, prepared.manifest, before);
  if (!turn) return std::move(turn.error()).context(step.id + ": whether it runs");
  if (turn->runs) return true;
  if (auto passed = pass(context_, step, turn->why, static_cast<int>(board_.steps().size())); !passed)
    return std::move(passed.error());
  board_.show(step);
  board_.refresh_lines();
  return false;
}

void OneRun::after(const PreparedStep& prepared, StepEnd end) {
  const checkpoint::Step& step = board_.row(prepared.manifest.id);
  switch (end) {
    case StepEnd::kSettled:
      board_.refresh_lines();
      break;
    case StepEnd::kQuarantined:
      quarantined_ = true;
      words_.push_back(step.id + " is quarantined: " + step.message);
      break;
    case StepEnd::kFailed:
      words_.push_back(step.id + " failed: " + step.message);
      if (prepared.manifest.on_failure == manifest::OnFailure::kStop) stopped_ = true;
      break;
    case StepEnd::kInterrupted:
      interrupted_ = true;
      words_.push_back(step.id + ": " + step.message);
      break;
  }
  board_.show_soon();
}

Result<void> OneRun::rebuild(changes::Draft& draft, const std::string& step) {
  auto effects = context_.store.effects(run_.id, step);
  if (!effects) return std::move(effects.error());
  for (const Effect& effect : *effects) {
    const bool edits =
        effect.kind == EffectKind::kEdit || effect.kind == EffectKind::kCreate || effect.kind == EffectKind::kRemove;
    if (!edits || effect.state == EffectState::kConflict) continue;
    if (auto added = draft.add(effect); !added) return std::move(added.error()).context("rebuild the edits of " + step);
  }
  return {};
}

Result<StepEnd> OneRun::run_step(const PreparedStep& prepared) {
  checkpoint::Step& step = board_.row(prepared.manifest.id);
  const std::string begun_at = member(step.result, "start");
  if (step.status != StepStatus::kPending && !begun_at.empty() && begun_at != tip_) {
    // Another run moved the night on: its edits name bytes that are no longer there.
    checkpoint::Transaction transaction;
    transaction.forget_step(run_.id, step.id);
    step.status = StepStatus::kPending;
    step.result.clear();
    transaction.put_step(step);
    auto committed = context_.store.commit(std::move(transaction));
    if (!committed) return std::move(committed.error());
  }
  step.result = with_member(step.result, "start", tip_);
  changes::Draft draft(context_.tree);
  if (step.status == StepStatus::kEnded) {
    if (auto rebuilt = rebuild(draft, step.id); !rebuilt) return std::move(rebuilt.error());
    return settle_step(prepared, step, draft);
  }
  auto attempted = attempt_step(
      context_, run_, step, job_of(prepared), draft, [this](const checkpoint::Step& changed) { board_.show(changed); },
      [this](const session::StepProgress& progress) { board_.show(progress); }, [this] { board_.tick(); });
  if (!attempted) return std::move(attempted.error());
  board_.row(prepared.manifest.id) = attempted->step;
  if (attempted->end != StepEnd::kSettled || attempted->step.status == StepStatus::kSkipped) return attempted->end;
  return settle_step(prepared, attempted->step, draft);
}

Result<StepEnd> OneRun::settle_step(const PreparedStep& prepared, const checkpoint::Step& step,
                                    const changes::Draft& draft) {
  auto tip = settle(context_, run_, step, prepared, draft, tip_);
  if (!tip && tip.error().kind() == ErrorKind::kCancelled) return StepEnd::kInterrupted;
  if (!tip) return std::move(tip.error());
  tip_ = *tip;
  auto rows = context_.store.steps(run_.id);
  if (!rows) return std::move(rows.error());
  for (const auto& settled : *rows) {
    if (settled.id == step.id) board_.show(settled);
  }
  return StepEnd::kSettled;
}

Result<void> OneRun::run_report() {
  for (const PreparedStep& prepared : board_.steps()) {
    if (!is_report(prepared)) continue;
    // Its own row counts itself as completed, so that report and store agree.
    checkpoint::Step& step = board_.row(prepared.manifest.id);
    if (auto given = provide_model(context_, run_, board_.steps(), prepared.manifest.id); !given) return given;
    auto end = run_step(prepared);
    if (!end) return std::move(end.error());
    if (*end != StepEnd::kSettled) {
      if (auto given = provide_model(context_, run_, board_.steps(), ""); !given) return given;
      words_.push_back("the report step failed (" + step.message + "); the JSON report was written by the host");
      if (*end == StepEnd::kQuarantined)
        quarantined_ = true;
      else if (*end == StepEnd::kInterrupted)
        interrupted_ = true;
      else if (prepared.manifest.on_failure == manifest::OnFailure::kStop)
        stopped_ = true;
    }
  }
  return write_json_report(context_, run_, board_.steps());
}

Result<void> OneRun::close() {
  run_.status = interrupted_ ? RunStatus::kInterrupted : stopped_ ? RunStatus::kFailed : RunStatus::kCompleted;
  checkpoint::Transaction transaction;
  if (run_.status == RunStatus::kCompleted) {
    run_.finished = context_.clock.now();
    auto base = context_.store.host_value("true_base/" + run_.id);
    const std::string true_base = base && *base ? **base : "";
    if (!true_base.empty()) transaction.put_host("last_base", true_base);
    for (const auto& step : board_.rows()) {
      if (step.status == StepStatus::kCompleted) remember_turn(transaction, run_, step.id, true_base);
    }
  }
  transaction.put_run(run_);
  auto committed = context_.store.commit(std::move(transaction));
  if (!committed) return std::move(committed.error());
  if (auto anchored = context_.store.anchor(); !anchored) return anchored;
  return after_close();
}

// Everything here may be done again: a kill before its end leaves the copy of the store behind the store.
Result<void> OneRun::after_close() {
  if (run_.status != RunStatus::kCompleted) {
    (void)board_.write();
    return {};
  }
  auto shown = board_.write();
  if (!shown) return std::move(shown.error()).context("state.json");  // a monitor would wait for ever
  drop_inputs(context_, run_.id);
  return forget_old_runs(context_, run_.started);
}

Result<void> OneRun::close_again() {
  if (auto done = board_.select(); !done) return done;
  board_.refresh_lines();
  return after_close();
}

Result<RunEnd> OneRun::end() {
  RunEnd end;
  end.words = words_;
  end.finished.id = run_.id;
  end.finished.status = run_.status;
  end.finished.total = static_cast<int>(board_.rows().size());
  for (const auto& step : board_.rows()) end.finished.completed += step.status == StepStatus::kCompleted ? 1 : 0;
  auto findings = context_.store.findings(run_.id);
  if (!findings) return std::move(findings.error());
  for (const auto& finding : *findings) end.finished.issues += finding.severity == Severity::kInfo ? 0 : 1;
  const Path markdown = context_.options.state_directory / ("report_" + run_.id + ".md");
  const Path json = context_.options.state_directory / ("report_" + run_.id + ".json");
  if (!interrupted_ && files::exists(markdown)) end.finished.report_markdown = markdown;
  if (!interrupted_ && files::exists(json)) end.finished.report_json = json;
  if (run_.status != RunStatus::kCompleted) end.exit_code = 75;
  if (quarantined_) end.exit_code = 78;
  return end;
}

}  // namespace

Result<void> close_last(Context& context) {
  const Path& state = context.options.state_directory;
  const bool copied = checkpoint::generation_of_copy(state / "daydream.db.bak") == context.store.generation();
  auto runs = context.store.runs();
  if (!runs) return std::move(runs.error());
  const auto newest = std::max_element(runs->rbegin(), runs->rend(), [](const auto& left, const auto& right) {
    return left.started.ms < right.started.ms;
  });
  if (newest == runs->rend() || newest->status != RunStatus::kCompleted) return {};
  if (copied && shows(state / "state.json", *newest)) return {};
  return OneRun(context, *newest).close_again();
}

Result<RunEnd> go_on(Context& context, const std::string& id) {
  auto run = context.store.run(id);
  if (!run) return std::move(run.error());
  contract(run->has_value(), "a run that was begun exists");
  return OneRun(context, std::move(**run)).go();
}

}  // namespace daydream::pipeline
