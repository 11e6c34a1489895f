#include "changes/live.hpp"
#include "log/log.hpp"
#include "pipeline/one_run.hpp"
#include "pipeline/step_config.hpp"

namespace daydream::pipeline {

namespace {

bool is_live(const Effect& effect) {
  return effect.kind == EffectKind::kDiscard || effect.kind == EffectKind::kArchive ||
         effect.kind == EffectKind::kStateFile;
}

const PreparedStep* step_named(const Context& context, const std::string& id) {
  for (const PreparedStep& step : context.steps) {
    if (step.manifest.id == id) return &step;
  }
  return nullptr;
}

changes::LiveOptions live_options(const Context& context, const checkpoint::Run& run, const std::string& step) {
  changes::LiveOptions options;
  options.mode = run.mode;
  options.roots = {{"repository", context.options.repository}};
  options.state_directory = context.options.state_directory;
  options.work_directory = context.options.work_directory;
  options.run_id = run.id;
  if (const PreparedStep* prepared = step_named(context, step)) {
    const StepConfig config = read_step_config(prepared->config);
    options.archive_apply = config.archive_apply;
    options.artifacts_all = config.artifacts_all;
    for (std::size_t i = 0; i < prepared->manifest.paths.size(); ++i)
      options.roots.emplace_back("log:" + std::to_string(i + 1), prepared->manifest.paths[i]);
  }
  return options;
}

Result<void> recover_step(Context& context, const checkpoint::Run& run, const checkpoint::Step& step) {
  auto effects = context.store.effects(run.id, step.id);
  if (!effects) return std::move(effects.error());
  const auto options = live_options(context, run, step.id);
  checkpoint::Transaction done;
  for (Effect& effect : *effects) {
    if (!is_live(effect) || effect.state != EffectState::kIntended) continue;
    if (auto applied = changes::apply_live(effect, options); !applied)
      return std::move(applied.error()).context("finish an intended change of " + step.id);
    if (effect.state == EffectState::kIntended) continue;
    log::info("pipeline", "finished an intended change of " + step.id + ": " + text::show_path(effect.path));
    done.set_effect(effect.sequence, effect.state, effect.detail);
  }
  if (done.empty()) return {};
  if (auto synced = changes::sync_live(options); !synced) return synced;
  auto committed = context.store.commit(std::move(done));
  if (!committed) return std::move(committed.error());
  return {};
}

// The refs of a night that begin_run has recorded.
Result<void> recover_night(Context& context) {
  auto last_json = context.store.host_value("night_last");
  if (!last_json) return std::move(last_json.error());
  if (!*last_json) return {};
  auto tonight_json = context.store.host_value("night");
  if (!tonight_json) return std::move(tonight_json.error());
  auto last = changes::Night::from_json(**last_json);
  if (!last) return std::move(last.error());
  auto tonight = changes::Night::from_json(tonight_json->value_or("{}"));
  if (!tonight) return std::move(tonight.error());
  // The private tree is a cache and may have been removed meanwhile; git works from there.
  if (auto ready = context.tree.provide(tonight->base.empty() ? "HEAD" : tonight->base); !ready)
    return std::move(ready.error()).context("private tree");
  auto notes = changes::finish(context.tree, *last, *tonight);
  if (!notes) return std::move(notes.error());
  for (const auto& note : *notes) context.notices.push_back(note);
  checkpoint::Transaction transaction;
  transaction.drop_host("night_last");
  return context.store.commit_lazily(std::move(transaction));
}

// Remote changes of a run that never goes on: sent and not settled is in doubt, the rest is never sent.
Result<void> give_up_remote(Context& context, const std::string& run, checkpoint::Transaction& transaction) {
  auto effects = context.store.effects(run);
  if (!effects) return std::move(effects.error());
  for (const Effect& effect : *effects) {
    if (effect.kind != EffectKind::kHttp || effect.state != EffectState::kIntended) continue;
    const bool sent = !effect.detail.empty();
    const std::string words = "the remote change " + text::escape_terminal(effect.key) +
                              (sent ? " of the abandoned run " + run + " is in doubt: look whether it happened"
                                    : " was not sent: the run " + run + " was abandoned before");
    log::warning("pipeline", words);
    context.notices.push_back(words);
    transaction.set_effect(effect.sequence, sent ? EffectState::kInDoubt : EffectState::kRefused, "");
  }
  return {};
}

}  // namespace

Result<void> recover_effects(Context& context) {
  auto runs = context.store.runs();
  if (!runs) return std::move(runs.error());
  for (const checkpoint::Run& run : *runs) {
    if (!is_unfinished(run)) continue;
    auto steps = context.store.steps(run.id);
    if (!steps) return std::move(steps.error());
    for (const checkpoint::Step& step : *steps) {
      if (auto recovered = recover_step(context, run, step); !recovered) return recovered;
    }
  }
  return recover_night(context);
}

Result<void> abandon_run(Context& context, const std::string& id) {
  auto run = context.store.run(id);
  if (!run) return std::move(run.error());
  if (!*run) return {};
  (*run)->status = checkpoint::RunStatus::kAbandoned;
  (*run)->finished = context.clock.now();
  checkpoint::Transaction transaction;
  if (auto given_up = give_up_remote(context, id, transaction); !given_up) return given_up;
  transaction.put_run(**run);
  auto committed = context.store.commit(std::move(transaction));
  if (!committed) return std::move(committed.error());
  return {};
}

}  // namespace daydream::pipeline
