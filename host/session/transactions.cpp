#include "session/transactions.hpp"

#include <algorithm>

#include "daydream/abi.h"
#include "daydream/kit/json.hpp"
#include "daydream/kit/walk.hpp"
#include "log/log.hpp"

namespace daydream::session {

namespace {

bool in_draft(const Effect& effect) {
  return effect.kind == EffectKind::kEdit || effect.kind == EffectKind::kCreate || effect.kind == EffectKind::kRemove;
}

bool is_live(const Effect& effect) {
  return effect.kind == EffectKind::kDiscard || effect.kind == EffectKind::kArchive ||
         effect.kind == EffectKind::kStateFile;
}

Error bad(std::string message) {
  return {ErrorKind::kInvalid, std::move(message)};
}

}  // namespace

Result<void> Transactions::resume() {
  auto findings = options_.store->findings(options_.run_id, options_.step_id);
  if (!findings) return std::move(findings.error());
  for (const Finding& finding : *findings) next_finding_ = std::max(next_finding_, finding.number + 1);
  return rebuild_draft();
}

Result<void> Transactions::rebuild_draft() {
  if (options_.draft == nullptr) return {};
  *options_.draft = changes::Draft(*options_.tree);
  auto effects = options_.store->effects(options_.run_id, options_.step_id);
  if (!effects) return std::move(effects.error());
  for (const Effect& effect : *effects) {
    if (!in_draft(effect) || effect.state == EffectState::kConflict) continue;
    // What was whole when it was committed is whole now: the tree is rebuilt from the same commit.
    if (auto added = options_.draft->add(effect); !added)
      return std::move(added.error()).context("rebuild the edits of " + options_.step_id);
  }
  return {};
}

Result<std::int32_t> Transactions::commit(std::string_view body, std::string* why) {
  auto request = frames::Commit::decode(body);
  if (!request) return std::move(request.error());
  checkpoint::Transaction transaction;
  std::vector<Effect> effects = std::move(request->effects);
  auto collected = collect(*request, transaction);
  if (collected) collected = collect_effects(effects);
  if (!collected) {
    if (collected.error().kind() != ErrorKind::kInvalid) return std::move(collected.error());
    *why = collected.error().message();
    if (auto rebuilt = rebuild_draft(); !rebuilt) return std::move(rebuilt.error());
    return DD_BAD_ARGUMENT;
  }
  for (const Effect& effect : effects) transaction.put_effect(options_.run_id, options_.step_id, effect);
  auto sequences = options_.store->commit(std::move(transaction));
  if (!sequences) return std::move(sequences.error()).context("commit of " + options_.step_id);
  for (const auto& finding : request->findings) next_finding_ = std::max(next_finding_, finding.first + 1);
  ++commits_;
  remote_.add(effects, *sequences);
  if (auto applied = apply_live(effects, *sequences); !applied) return std::move(applied.error());
  return DD_OK;
}

Result<void> Transactions::collect(const frames::Commit& request, checkpoint::Transaction& transaction) {
  const std::string& run = options_.run_id;
  const std::string& step = options_.step_id;
  if (request.has_checkpoint) transaction.put_checkpoint(run, step, request.checkpoint_schema, request.checkpoint);
  for (const auto& [key, value] : request.put_memory) transaction.put_memory(options_.plugin_id, key, value);
  for (const auto& key : request.drop_memory) transaction.drop_memory(options_.plugin_id, key);
  // Also with the first entry of all: a try that fails behind it leaves memory that has a schema.
  const bool first = !request.put_memory.empty() && options_.start.memory_schema != options_.memory_schema;
  if (request.migrated || first)
    transaction.put_host("memory_schema/" + options_.plugin_id, std::to_string(options_.memory_schema));
  for (const auto& [name, json] : request.outputs) {
    auto checked = json::Text::parse(json, {.name = "output " + name, .positions = false});
    if (!checked) return std::move(checked.error());
    transaction.put_output(run, step, name, json);
  }
  for (const auto& [name, value] : request.metrics) transaction.put_metric(run, step, name, value);
  return collect_findings(request, transaction);
}

Result<void> Transactions::collect_findings(const frames::Commit& request, checkpoint::Transaction& transaction) {
  std::uint64_t least = next_finding_;
  for (const auto& [number, json] : request.findings) {
    if (number < least) return bad("finding number " + std::to_string(number) + " is used already");
    auto finding = parse_finding(json);
    if (!finding) return std::move(finding.error()).context("finding").as(ErrorKind::kInvalid);
    finding->number = number;
    finding->step = options_.step_id;
    least = number + 1;
    transaction.put_finding(options_.run_id, options_.step_id, std::move(*finding));
  }
  return {};
}

Result<void> Transactions::collect_effects(std::vector<Effect>& effects) {
  // Put again after a kill, it is the same change: it is not sent again.
  std::erase_if(effects,
                [this](const Effect& effect) { return effect.kind == EffectKind::kHttp && remote_.knows(effect.key); });
  for (Effect& effect : effects) {
    if (auto checked = check_effect(effect); !checked) return checked;
    if (!in_draft(effect)) continue;
    if (options_.draft == nullptr) return bad("this step cannot edit the source tree");
    auto added = options_.draft->add(effect);
    if (added) continue;
    if (added.error().kind() != ErrorKind::kConflict) return added;
    effect.state = EffectState::kConflict;
    effect.detail = added.error().message();
  }
  return {};
}

Result<void> Transactions::check_effect(Effect& effect) {
  if (effect.kind != EffectKind::kHttp && !walk::clean_relative(effect.path))
    return bad("not a clean relative path: " + text::show_path(effect.path));
  if (effect.kind != EffectKind::kStateFile && effect.finding == 0)
    return bad("an effect on " + text::show_path(effect.path) + " names no finding");
  effect.state = EffectState::kIntended;
  const bool leaves = options_.live.mode == Mode::kBranch || options_.live.mode == Mode::kInPlace;
  if (effect.kind == EffectKind::kHttp && !leaves) {
    effect.state = EffectState::kProposed;
    effect.detail = R"({"error":"cancelled","message":"the mode sends no remote changes","attempts":0})";
  }
  return {};
}

Result<void> Transactions::apply_live(std::vector<Effect>& effects, const std::vector<std::int64_t>& sequences) {
  contract(sequences.size() == effects.size(), "a sequence for every effect");
  checkpoint::Transaction done;
  for (std::size_t i = 0; i < effects.size(); ++i) {
    Effect& effect = effects[i];
    if (!is_live(effect)) continue;
    if (auto applied = changes::apply_live(effect, options_.live); !applied) return applied;
    if (effect.state != EffectState::kIntended) done.set_effect(sequences[i], effect.state, effect.detail);
  }
  if (done.empty()) return {};
  if (auto synced = changes::sync_live(options_.live); !synced) return synced;
  return options_.store->commit_lazily(std::move(done));
}

}  // namespace daydream::session
