#include "pipeline/report_step.hpp"

#include "base/files.hpp"

namespace daydream::pipeline {

Result<void> provide_model(Context& context, const checkpoint::Run& run, const std::vector<PreparedStep>& steps,
                           const std::string& report_step) {
  auto options = report_options(context, run, steps);
  options.writing_step = report_step;
  auto model = report::build(context.store, options);
  if (!model) return std::move(model.error()).context("model of the report");
  checkpoint::Transaction transaction;
  transaction.put_output(run.id, "daydream", "report", std::move(*model));
  return context.store.commit_lazily(std::move(transaction));  // built anew whenever a run goes on
}

Result<void> write_json_report(Context& context, const checkpoint::Run& run, const std::vector<PreparedStep>& steps) {
  auto model = context.store.output(run.id, "daydream", "report");
  if (!model) return std::move(model.error());
  if (!*model) {
    // No step has the role "report": the model is built for the file alone.
    auto built = report::build(context.store, report_options(context, run, steps));
    if (!built) return std::move(built.error()).context("model of the report");
    *model = std::move(*built);
  }
  const Path file = context.options.state_directory / ("report_" + run.id + ".json");
  return files::write_replace(file, **model, files::Durability::kSynced);
}

}  // namespace daydream::pipeline
