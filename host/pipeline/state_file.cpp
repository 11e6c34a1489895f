#include "pipeline/state_file.hpp"

#include "base/files.hpp"
#include "daydream/kit/json.hpp"
#include "log/log.hpp"

namespace daydream::pipeline {

namespace {

using checkpoint::StepStatus;

bool counts_as_completed(const checkpoint::Step& step) {
  return step.status == StepStatus::kCompleted || step.status == StepStatus::kSkipped;
}

void write_progress_of(json::Writer& writer, const StateView& view) {
  writer.key("step_started_at");
  if (view.step_started.ms == 0)
    writer.null();
  else
    writer.value(rfc3339(view.step_started));
  writer.key("step_progress");
  if (!view.progress) {
    writer.null();
    return;
  }
  writer.begin_object()
      .field("done", view.progress->done)
      .field("total", view.progress->total)
      .field("what", view.progress->what)
      .end_object();
}

void write_steps(json::Writer& writer, const StateView& view) {
  writer.key("completed_steps").begin_array();
  for (const auto& step : view.steps) {
    if (counts_as_completed(step)) writer.value(step.number);
  }
  writer.end_array().key("daily_report").begin_array();
  for (const auto& line : view.daily_report) writer.value(line);
  writer.end_array().key("steps").begin_array();
  for (const auto& step : view.steps) {
    writer.begin_object()
        .field("number", step.number)
        .field("id", step.id)
        .field("status", checkpoint::name_of(step.status))
        .field("attempts", step.attempts);
    if (!step.code.empty()) writer.field("code", step.code);
    if (!step.message.empty()) writer.field("message", step.message);
    writer.end_object();
  }
  writer.end_array();
}

}  // namespace

std::string to_json(const StateView& view) {
  json::Writer writer(true);
  writer.begin_object()
      .field("schema_version", 1)
      .field("run_id", view.run.id)
      .field("status", checkpoint::name_of(view.run.status))
      .field("mode", name_of(view.run.mode))
      .field("started_at", rfc3339(view.run.started))
      .field("resumed", view.run.resumed)
      .field("current_step", view.current_step);
  write_progress_of(writer, view);
  write_steps(writer, view);
  writer.end_object();
  return writer.take() + "\n";
}

bool shows(const Path& file, const checkpoint::Run& run) {
  constexpr std::size_t kLargest = std::size_t{4} << 20;
  const auto text = files::read(file, kLargest);
  if (!text) return false;
  const auto parsed = json::Text::parse(*text, {.name = "state.json", .positions = false});
  return parsed && parsed->root().IsObject() && json::get_string(parsed->root(), "run_id") == run.id &&
         json::get_string(parsed->root(), "status") == checkpoint::name_of(run.status);
}

Result<void> StateFile::write(const StateView& view) {
  last_ = clock_.monotonic();
  waiting_ = false;
  auto written = files::write_replace(file_, to_json(view), files::Durability::kNone);
  if (!written) log::warning("pipeline", "state.json: " + written.error().message());
  return written;
}

bool StateFile::too_soon() const {
  return last_ && clock_.monotonic() - *last_ < Milliseconds(1000);
}

void StateFile::write_soon(const std::function<StateView()>& view) {
  waiting_ = true;
  tick(view);
}

void StateFile::tick(const std::function<StateView()>& view) {
  if (waiting_ && !too_soon()) (void)write(view());
}

}  // namespace daydream::pipeline
