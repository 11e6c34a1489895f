#include "report/model.hpp"

#include <charconv>

#include "base/masking.hpp"
#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"
#include "report/view.hpp"

namespace daydream::report {

namespace {

constexpr int kModelVersion = 1;

void write_strings(json::Writer& writer, const char* key, const std::vector<std::string>& list) {
  writer.key(key).begin_array();
  for (const std::string& item : list) writer.value(item);
  writer.end_array();
}

void write_count(json::Writer& writer, double count) {
  auto whole = static_cast<std::int64_t>(count);
  static_cast<double>(whole) == count ? writer.field("count", whole) : writer.field("count", count);
}

void write_line(json::Writer& writer, const loader::ReportLine& line, const StepView& step, Mode mode) {
  CountedLine counted = count_line(line, step, mode);
  writer.begin_object().field("text", line.text);
  if (!line.metric.empty()) {
    writer.field("metric", line.metric);
  } else {
    write_strings(writer, "rules", line.rules);
    write_strings(writer, "actions", line.actions.empty() ? std::vector<std::string>{"applied"} : line.actions);
  }
  write_count(writer, counted.count);
  writer.field("would", counted.would).field("rendered", counted.rendered);
  write_strings(writer, "items", counted.items);
  writer.end_object();
}

// Kept by the session in the step's result, as text.
std::int64_t peak_memory(const checkpoint::Step& step) {
  if (step.result.empty()) return 0;
  json::ParseOptions options;
  options.name = "result";
  options.positions = false;
  auto parsed = json::Text::parse(step.result, options);
  if (!parsed || !parsed->root().IsObject()) return 0;
  std::string words = json::get_string(parsed->root(), "peak_memory");
  std::int64_t bytes = json::get_int(parsed->root(), "peak_memory");
  std::from_chars(words.data(), words.data() + words.size(), bytes);
  return bytes;
}

void write_step(json::Writer& writer, const StepView& view, std::size_t position, Mode mode) {
  const checkpoint::Step& step = view.step;
  std::int64_t duration = step.finished.ms > step.started.ms ? step.finished.ms - step.started.ms : 0;
  writer.begin_object().field("number", step.number > 0 ? step.number : static_cast<int>(position) + 1);
  writer.field("id", view.facts->id).field("status", view.status).field("code", step.code);
  writer.field("message", daydream::mask(step.message)).field("attempts", step.attempts);
  writer.field("duration_ms", duration).field("peak_memory", peak_memory(step));
  writer.field("role", view.facts->role).field("title", view.facts->title);
  writer.key("lines").begin_array();
  if (view.completed()) {
    for (const loader::ReportLine& line : view.facts->lines) write_line(writer, line, view, mode);
  }
  writer.end_array().end_object();
}

void write_summary(json::Writer& writer, const View& view) {
  int completed = 0;
  int issues = 0;
  for (const StepView& step : view.steps) {
    completed += step.completed() ? 1 : 0;
    for (const Finding& finding : step.findings) issues += finding.severity == Severity::kInfo ? 0 : 1;
  }
  writer.key("summary").begin_object();
  writer.field("completed", completed).field("total", static_cast<int>(view.steps.size()));
  writer.key("others").begin_array();
  for (const StepView& step : view.steps) {
    if (step.completed()) continue;
    writer.begin_object().field("id", step.facts->id).field("status", step.status).end_object();
  }
  writer.end_array().field("issues", issues).end_object();
}

void write_metrics(json::Writer& writer, const View& view) {
  writer.key("metrics").begin_object();
  for (const StepView& step : view.steps) {
    if (step.metrics.empty()) continue;
    writer.key(step.facts->id).begin_object();
    for (const auto& [name, value] : step.metrics) writer.field(name, value);
    writer.end_object();
  }
  writer.end_object();
}

void write_attention(json::Writer& writer, const View& view, const Options& options) {
  writer.key("action_required").begin_array();
  for (const Attention& item : what_needs_attention(view, options)) {
    writer.begin_object().field("text", item.text).field("command", item.command);
    writer.field("severity", name_of(item.severity)).field("step", item.step);
    write_strings(writer, "findings", item.findings);
    writer.end_object();
  }
  writer.end_array();
}

void write_run(json::Writer& writer, const View& view, const Options& options) {
  const checkpoint::Run& run = view.run;
  Instant end = view.end(options);
  writer.field("schema_version", kModelVersion).field("run_id", run.id).field("date", run.date);
  writer.field("mode", name_of(run.mode)).field("started_at", rfc3339(run.started)).field("finished_at", rfc3339(end));
  writer.field("duration_ms", end.ms > run.started.ms ? end.ms - run.started.ms : 0);
  writer.field("duration", human_duration(Milliseconds(end.ms - run.started.ms)));
  writer.field("resumed", run.resumed);
}

std::string lower_first(std::string words) {
  bool capital = words.size() > 1 && words[0] >= 'A' && words[0] <= 'Z' && !(words[1] >= 'A' && words[1] <= 'Z');
  if (capital) words[0] = static_cast<char>(words[0] - 'A' + 'a');
  return words;
}

}  // namespace

Result<std::string> build(checkpoint::Store& store, const Options& options) {
  auto view = read_view(store, options);
  if (!view) return std::move(view.error());
  json::Writer writer(true);
  writer.begin_object();
  write_run(writer, *view, options);
  write_summary(writer, *view);
  writer.key("steps").begin_array();
  for (std::size_t i = 0; i < view->steps.size(); ++i) write_step(writer, view->steps[i], i, view->run.mode);
  writer.end_array();
  write_attention(writer, *view, options);
  writer.key("findings").begin_array();
  for (const StepView& step : view->steps) {
    for (const Finding& finding : step.findings) writer.raw(to_json(finding));
  }
  writer.end_array();
  write_metrics(writer, *view);
  std::vector<std::string> notices;
  for (const std::string& notice : options.notices) notices.push_back(daydream::mask(notice));
  write_strings(writer, "notices", notices);
  writer.key("night").begin_object().field("ref", view->night_ref);
  write_strings(writer, "commits", view->night_commits);
  writer.end_object().end_object();
  return writer.take() + "\n";
}

Result<std::vector<std::string>> daily_lines(checkpoint::Store& store, const Options& options) {
  auto view = read_view(store, options);
  if (!view) return std::move(view.error());
  std::vector<std::string> lines;
  for (const StepView& step : view->steps) {
    if (step.status == "skipped") lines.push_back(step.facts->id + ": skipped: " + daydream::mask(step.step.message));
    if (!step.completed()) continue;
    for (const loader::ReportLine& line : step.facts->lines) {
      lines.push_back(step.facts->id + ": " + lower_first(count_line(line, step, view->run.mode).rendered));
    }
  }
  return lines;
}

}  // namespace daydream::report
