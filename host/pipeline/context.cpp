#include "pipeline/context.hpp"

#include "daydream/kit/json.hpp"

namespace daydream::pipeline {

report::Options report_options(const Context& context, const checkpoint::Run& run,
                               const std::vector<PreparedStep>& steps) {
  report::Options options;
  options.run = run.id;
  options.now = context.clock.now();
  options.repository = context.options.repository.string();
  options.state_directory = context.options.state_directory.string();
  options.notices = context.notices;
  for (const auto& notice : context.store.notices()) options.notices.push_back(notice);
  for (const PreparedStep& step : steps) {
    const auto& descriptor = step.plugin.descriptor;
    options.steps.push_back({step.manifest.id, descriptor.report.title, descriptor.report.lines, descriptor.role});
  }
  return options;
}

std::string Facts::to_json() const {
  json::Writer writer;
  writer.begin_object().field("zone", zone).key("only").begin_array();
  for (const auto& step : only) writer.value(step);
  writer.end_array().field("forced", forced).end_object();
  return writer.take();
}

Facts Facts::from_json(std::string_view text) {
  Facts facts;
  auto parsed = json::Text::parse(text, {.name = "facts", .positions = false});
  if (!parsed || !parsed->root().IsObject()) return facts;
  facts.zone = json::get_string(parsed->root(), "zone");
  facts.only = json::get_strings(parsed->root(), "only");
  facts.forced = json::get_bool(parsed->root(), "forced");
  return facts;
}

}  // namespace daydream::pipeline
