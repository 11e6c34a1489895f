#include "pipeline/board.hpp"

#include <algorithm>
#include <utility>

#include "pipeline/report_step.hpp"

namespace daydream::pipeline {

using checkpoint::StepStatus;

bool is_settled(const checkpoint::Step& step) {
  return step.status == StepStatus::kCompleted || step.status == StepStatus::kSkipped;
}

bool is_report(const PreparedStep& step) {
  return step.plugin.descriptor.role == "report";
}

Result<void> Board::select() {
  const auto only = Facts::from_json(run_.facts).only;
  for (const PreparedStep& step : context_.steps) {
    if (only.empty() || std::find(only.begin(), only.end(), step.manifest.id) != only.end()) steps_.push_back(step);
  }
  auto rows = context_.store.steps(run_.id);
  if (!rows) return std::move(rows.error());
  for (const PreparedStep& step : steps_) {
    auto found = std::find_if(rows->begin(), rows->end(), [&](const auto& old) { return old.id == step.manifest.id; });
    checkpoint::Step fresh;
    fresh.run = run_.id;
    fresh.id = step.manifest.id;
    fresh.plugin = step.plugin.descriptor.id;
    fresh.config_hash = step.config_hash;
    rows_.push_back(found == rows->end() ? fresh : *found);
    rows_.back().number = step.number;
  }
  return {};
}

Result<void> Board::sort_out_changed() {
  checkpoint::Transaction transaction;
  for (const PreparedStep& step : steps_) {
    checkpoint::Step& old = row(step.manifest.id);
    const bool other = old.config_hash != step.config_hash || old.plugin != step.plugin.descriptor.id;
    if (!is_report(step) && (is_settled(old) || !other)) continue;
    if (is_report(step) && old.status == StepStatus::kPending) continue;
    transaction.forget_step(run_.id, old.id);
    checkpoint::Step fresh;
    fresh.run = run_.id;
    fresh.id = old.id;
    fresh.number = old.number;
    fresh.attempts = is_report(step) ? 0 : old.attempts;
    fresh.plugin = step.plugin.descriptor.id;
    fresh.config_hash = step.config_hash;
    transaction.put_step(fresh);
    old = fresh;
    if (!is_report(step))
      context_.notices.push_back(fresh.id + ": its plugin or configuration changed, so it started anew");
  }
  if (transaction.empty()) return {};
  auto committed = context_.store.commit(std::move(transaction));
  if (!committed) return std::move(committed.error());
  return {};
}

checkpoint::Step& Board::row(const std::string& id) {
  auto found = std::find_if(rows_.begin(), rows_.end(), [&](const auto& step) { return step.id == id; });
  contract(found != rows_.end(), "a row for every step");
  return *found;
}

StateView Board::view() const {
  StateView view;
  view.run = run_;
  view.steps = rows_;
  view.daily_report = lines_;
  view.progress = progress_;
  view.current_step = static_cast<int>(rows_.size()) + 1;
  for (const auto& step : rows_) {
    if (is_settled(step) || step.status == StepStatus::kQuarantined) continue;
    view.current_step = step.number;
    if (step.status == StepStatus::kRunning) view.step_started = step.started;
    break;
  }
  return view;
}

void Board::show(const checkpoint::Step& step) {
  row(step.id) = step;
  if (step.status != StepStatus::kRunning) progress_.reset();
  show_soon();
}

void Board::show(const session::StepProgress& progress) {
  progress_ = progress;
  show_soon();
}

void Board::show_soon() {
  state_.write_soon([this] { return view(); });
}

void Board::refresh_lines() {
  auto lines = report::daily_lines(context_.store, report_options(context_, run_, steps_));
  if (lines) lines_ = std::move(*lines);
}

void Board::tick() {
  state_.tick([this] { return view(); });
}

Result<void> Board::write() {
  return state_.write(view());
}

}  // namespace daydream::pipeline
