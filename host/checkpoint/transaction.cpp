#include <cmath>

#include "checkpoint/operation.hpp"
#include "checkpoint/store.hpp"
#include "checkpoint/tables.hpp"

namespace daydream::checkpoint {

std::string_view name_of(RunStatus status) {
  switch (status) {
    case RunStatus::kRunning:
      return "running";
    case RunStatus::kCompleted:
      return "completed";
    case RunStatus::kFailed:
      return "failed";
    case RunStatus::kInterrupted:
      return "interrupted";
    case RunStatus::kAbandoned:
      return "abandoned";
  }
  return "unknown";
}

std::string_view name_of(StepStatus status) {
  switch (status) {
    case StepStatus::kPending:
      return "pending";
    case StepStatus::kRunning:
      return "running";
    case StepStatus::kEnded:
      return "ended";
    case StepStatus::kCompleted:
      return "completed";
    case StepStatus::kSkipped:
      return "skipped";
    case StepStatus::kFailed:
      return "failed";
    case StepStatus::kQuarantined:
      return "quarantined";
  }
  return "unknown";
}

void Transaction::add(Operation operation) {
  operations_.push_back(std::make_shared<Operation>(std::move(operation)));
}

void Transaction::put(const Table& table, std::vector<std::variant<std::int64_t, double, std::string>> row) {
  add({Operation::Kind::kPut, &table, std::move(row), {}});
}

void Transaction::put_checkpoint(std::string run, std::string step, std::uint32_t schema, std::string bytes) {
  put(tables::kCheckpoint, {std::move(run), std::move(step), std::int64_t{schema}, std::move(bytes)});
}

void Transaction::put_memory(std::string plugin, std::string key, std::string value) {
  put(tables::kMemory, {std::move(plugin), std::move(key), std::move(value)});
}

void Transaction::drop_memory(std::string plugin, std::string key) {
  add({Operation::Kind::kDrop, &tables::kMemory, {std::move(plugin), std::move(key)}, {}});
}

void Transaction::put_output(std::string run, std::string step, std::string name, std::string json) {
  put(tables::kOutput, {std::move(run), std::move(step), std::move(name), std::move(json)});
}

void Transaction::put_metric(std::string run, std::string step, std::string name, double value) {
  // SQLite knows neither "not a number" nor a negative zero, and the checksum is over what it gives back.
  double kept = std::isnan(value) ? 0.0 : value + 0.0;
  put(tables::kMetric, {std::move(run), std::move(step), std::move(name), kept});
}

void Transaction::put_finding(std::string run, std::string step, Finding finding) {
  put(tables::kFinding, row_of(run, step, finding));
}

void Transaction::put_effect(std::string run, std::string step, Effect effect) {
  add({Operation::Kind::kEffect, &tables::kEffect, {std::move(run), std::move(step)}, std::move(effect)});
}

void Transaction::set_effect(std::int64_t sequence, EffectState state, std::string detail) {
  Row row{sequence, static_cast<std::int64_t>(state), std::move(detail)};
  add({Operation::Kind::kSetEffect, &tables::kEffectState, std::move(row), {}});
}

void Transaction::put_run(Run run) {
  put(tables::kRun, row_of(run));
}
void Transaction::put_step(Step step) {
  put(tables::kStep, row_of(step));
}

void Transaction::forget_step(std::string run, std::string step) {
  add({Operation::Kind::kForgetStep, &tables::kStep, {std::move(run), std::move(step)}, {}});
}

void Transaction::forget_run(std::string run) {
  add({Operation::Kind::kForgetRun, &tables::kRun, {std::move(run)}, {}});
}

void Transaction::put_host(std::string key, std::string value) {
  put(tables::kHost, {std::move(key), std::move(value)});
}

void Transaction::drop_host(std::string key) {
  add({Operation::Kind::kDrop, &tables::kHost, {std::move(key)}, {}});
}

bool Transaction::empty() const {
  return operations_.empty();
}

}  // namespace daydream::checkpoint
