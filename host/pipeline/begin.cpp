#include "base/files.hpp"
#include "daydream/kit/json.hpp"
#include "log/log.hpp"
#include "pipeline/night_record.hpp"
#include "pipeline/one_run.hpp"

namespace daydream::pipeline {

namespace {

// Under "night/<date>": how tonight's branch goes on from the last one.
Result<std::string> carry_night(Context& context, const NewRun& run, const std::string& base, Instant started,
                                checkpoint::Transaction& transaction) {
  auto last = load_night(context.store);
  if (!last) return std::move(last.error());
  auto carried = changes::carry(context.tree, *last, base, run.date, started);
  if (!carried) return std::move(carried.error()).context("carry the night branch forward");
  for (const auto& declined : carried->declined) {
    transaction.put_host("declined/" + declined.finding, declined.content);
    log::info("pipeline", "declined by a human (" + declined.why + "): " + declined.finding);
  }
  for (const auto& note : carried->notes) context.notices.push_back(note);
  transaction.put_host("night", carried->night.to_json());
  transaction.put_host("night_last", last->to_json());
  return carried->start;
}

}  // namespace

Result<void> begin_run(Context& context, const NewRun& identity, Mode mode, const std::vector<std::string>& only) {
  checkpoint::Run run;
  run.id = identity.id;
  run.date = identity.date;
  run.full = identity.full;
  run.started = context.clock.now();
  run.mode = mode;
  run.facts = Facts{context.zone, only, !context.options.only.empty()}.to_json();
  auto base = context.tree.resolve_base(context.options.manifest.pipeline.base);
  if (!base) return std::move(base.error()).context("base " + context.options.manifest.pipeline.base);
  run.base = *base;
  checkpoint::Transaction transaction;
  transaction.put_host("true_base/" + run.id, *base);
  if (mode == Mode::kBranch) {
    auto start = carry_night(context, identity, *base, run.started, transaction);
    if (!start) return std::move(start.error());
    run.base = *start;
  }
  transaction.put_run(run);
  for (const PreparedStep& prepared : context.steps) {
    checkpoint::Step step;
    step.run = run.id;
    step.id = prepared.manifest.id;
    step.plugin = prepared.plugin.descriptor.id;
    step.number = prepared.number;
    step.config_hash = prepared.config_hash;
    transaction.put_step(step);
  }
  auto committed = context.store.commit(std::move(transaction));
  if (!committed) return std::move(committed.error());
  return context.store.anchor();
}

}  // namespace daydream::pipeline
