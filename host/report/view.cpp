#include "report/view.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "daydream/kit/json.hpp"

namespace daydream::report {

namespace {

Result<void> read_night(checkpoint::Store& store, View& view) {
  auto value = store.host_value("night");
  if (!value) return std::move(value.error());
  if (!*value) return {};
  json::ParseOptions options;
  options.name = "night";
  options.positions = false;
  auto parsed = json::Text::parse(**value, options);
  if (!parsed) return std::move(parsed.error()).as(ErrorKind::kDamaged);
  if (!parsed->root().IsObject()) return {};
  view.night_ref = json::get_string(parsed->root(), "ref");
  const json::Value* commits = json::find(parsed->root(), "commits");
  if (commits == nullptr || !commits->IsArray()) return {};
  for (const json::Value& commit : commits->GetArray()) view.night_commits.push_back(json::get_string(commit, "id"));
  return {};
}

Result<StepView> read_step(checkpoint::Store& store, const Options& options, const StepFacts& facts,
                           const std::vector<checkpoint::Step>& steps) {
  StepView view;
  view.facts = &facts;
  auto found = std::find_if(steps.begin(), steps.end(), [&](const auto& step) { return step.id == facts.id; });
  if (found != steps.end()) view.step = *found;
  view.status = std::string(name_of(view.step.status));
  if (facts.id == options.writing_step) view.status = "completed";
  if (view.step.status != checkpoint::StepStatus::kCompleted) return view;
  auto findings = store.findings(options.run, facts.id);
  if (!findings) return std::move(findings.error());
  view.findings = std::move(*findings);
  auto metrics = store.metrics(options.run, facts.id);
  if (!metrics) return std::move(metrics.error());
  view.metrics = std::move(*metrics);
  return view;
}

bool contains(const std::vector<std::string>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

std::string would_words(int would, double count, Mode mode) {
  if (would == 0) return "";
  std::string share = would == static_cast<int>(count) ? "" : std::to_string(would) + " of them ";
  bool by_mode = mode == Mode::kObserve || mode == Mode::kPatch;
  return " (" + share + "would be: " +
         (by_mode ? "mode " + std::string(name_of(mode)) + " does not do it" : "the manifest does not allow it") + ")";
}

}  // namespace

Result<View> read_view(checkpoint::Store& store, const Options& options) {
  auto run = store.run(options.run);
  if (!run) return std::move(run.error());
  if (!*run) return Error(ErrorKind::kNotFound, "no run " + options.run);
  View view;
  view.run = std::move(**run);
  auto steps = store.steps(options.run);
  if (!steps) return std::move(steps.error());
  for (const StepFacts& facts : options.steps) {
    auto step = read_step(store, options, facts, *steps);
    if (!step) return std::move(step.error());
    view.steps.push_back(std::move(*step));
  }
  auto night = read_night(store, view);
  if (!night) return std::move(night.error());
  return view;
}

std::string number_text(double number) {
  char buffer[64];
  bool whole = std::nearbyint(number) == number && std::fabs(number) < 1e15;
  std::snprintf(buffer, sizeof buffer, whole ? "%.0f" : "%.2f", number);
  return buffer;
}

CountedLine count_line(const loader::ReportLine& line, const StepView& step, Mode mode) {
  CountedLine counted;
  if (!line.metric.empty()) {
    for (const auto& [name, value] : step.metrics) {
      if (name == line.metric) counted.count = value;
    }
  } else {
    bool wants_applied = contains(line.actions, "applied") || line.actions.empty();
    for (const Finding& finding : step.findings) {
      if (!contains(line.rules, finding.rule)) continue;
      bool would = wants_applied && finding.would_apply;
      bool done =
          line.actions.empty() ? finding.action == Action::kApplied : contains(line.actions, name_of(finding.action));
      if (!done && !would) continue;
      counted.count += 1;
      counted.would += would ? 1 : 0;
      counted.items.push_back(finding.id);
    }
  }
  counted.rendered = line.text;
  auto place = counted.rendered.find("{n}");
  if (place != std::string::npos) counted.rendered.replace(place, 3, number_text(counted.count));
  counted.rendered += would_words(counted.would, counted.count, mode);
  return counted;
}

}  // namespace daydream::report
