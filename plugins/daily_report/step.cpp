// The report step: the host's model in, report_<run id>.md out.
#include <daydream/sdk.hpp>

#include "daydream_descriptor.hpp"
#include "markdown.hpp"

namespace {

using namespace daydream;

class DailyReport {
 public:
  DailyReport(sdk::Run& run, const json::Value& configuration)
      : run_(run), options_{static_cast<std::size_t>(json::get_int(configuration, "items", 10))} {}

  Result<sdk::Outcome> run() {
    auto model = run_.state().output("daydream", "report");
    if (!model) return std::move(model.error());
    if (!*model) return sdk::Outcome::permanent("the host has given no model of the run", "no-model");
    json::ParseOptions parsing;
    parsing.name = "model of the run";
    parsing.positions = false;
    parsing.max_bytes = std::size_t{256} << 20;
    auto parsed = json::Text::parse(**model, parsing);
    if (!parsed) return std::move(parsed.error());
    if (!parsed->root().IsObject()) return sdk::Outcome::permanent("the host's model is no object", "no-model");

    auto facts = run_.facts();
    if (!facts) return std::move(facts.error());
    auto txn = run_.begin();
    if (!txn) return std::move(txn.error());
    txn->put_file("report_" + facts->run_id + ".md", daily_report::to_markdown(parsed->root(), options_));
    if (auto committed = txn->commit(); !committed) return std::move(committed.error());
    return sdk::Outcome::ok();
  }

 private:
  sdk::Run& run_;
  daily_report::MarkdownOptions options_;
};

}  // namespace

DAYDREAM_PLUGIN(DailyReport, daydream::kStepDescriptor);
