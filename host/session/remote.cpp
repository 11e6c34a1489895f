#include "session/remote.hpp"

#include <algorithm>

#include "daydream/abi.h"
#include "daydream/http.h"
#include "daydream/kit/json.hpp"
#include "log/log.hpp"

namespace daydream::session {
namespace {

constexpr const char* kSending = "sending";

std::string words(const char* code, const std::string& message) {
  json::Writer writer;
  writer.begin_object().field("error", code).field("message", message).field("attempts", 0).end_object();
  return writer.take();
}

// Whether it happened: a server that says nothing, or only that something behind it failed, leaves it open.
EffectState judge(const broker::Answer& answer) {
  auto parsed = json::Text::parse(answer.json, {.name = "answer", .positions = false});
  if (!parsed || !parsed->root().IsObject()) return EffectState::kInDoubt;
  const auto status = json::get_int(parsed->root(), "status");
  if (status >= 200 && status < 300) return EffectState::kApplied;
  if (status == 500 || status == 502 || status == 504) return EffectState::kInDoubt;
  if (status != 0) return EffectState::kRefused;
  return answer.sent ? EffectState::kInDoubt : EffectState::kRefused;
}

std::int32_t state_for_plugin(EffectState state) {
  switch (state) {
    case EffectState::kIntended:
      return DD_HTTP_WAITING;
    case EffectState::kApplied:
      return DD_HTTP_DONE;
    case EffectState::kInDoubt:
      return DD_HTTP_IN_DOUBT;
    default:
      return DD_HTTP_REFUSED;
  }
}

}  // namespace

Result<void> Remote::resume() {
  auto effects = options_.store->effects(options_.run_id, options_.step_id);
  if (!effects) return std::move(effects.error());
  for (const Effect& effect : *effects) {
    if (effect.kind != EffectKind::kHttp) continue;
    const bool sent = effect.state == EffectState::kIntended && effect.detail == kSending;
    by_key_[effect.key] = {effect.sequence, effect.state, effect.request, effect.content,
                           effect.state == EffectState::kIntended ? "" : effect.detail};
    if (sent) {
      doubtful_.emplace(effect.key, true);
      options_.start.reconcile.emplace_back(effect.key, effect.request);
    } else if (effect.state == EffectState::kIntended) {
      waiting_.push_back(effect.key);
    }
  }
  return {};
}

void Remote::add(const std::vector<Effect>& effects, const std::vector<std::int64_t>& sequences) {
  for (std::size_t i = 0; i < effects.size(); ++i) {
    const Effect& effect = effects[i];
    if (effect.kind != EffectKind::kHttp) continue;
    by_key_[effect.key] = {sequences[i], effect.state, effect.request, effect.content, effect.detail};
    if (effect.state == EffectState::kIntended) waiting_.push_back(effect.key);
  }
}

Result<void> Remote::record(const std::string& key, EffectState state, std::string response) {
  Change& change = by_key_.at(key);
  change.state = state;
  change.response = std::move(response);
  checkpoint::Transaction transaction;
  transaction.set_effect(change.sequence, state, change.response);
  auto committed = options_.store->commit(std::move(transaction));
  if (!committed) return std::move(committed.error()).context("what became of a remote change");
  return {};
}

Result<void> Remote::pump() {
  if (stopped_ || under_way_ || waiting_.empty() || !doubtful_.empty()) return {};
  const std::string key = waiting_.front();
  waiting_.pop_front();
  Change& change = by_key_.at(key);
  if (options_.broker == nullptr)
    return record(key, EffectState::kRefused, words("host_refused", "no request is made here"));
  checkpoint::Transaction mark;
  mark.set_effect(change.sequence, EffectState::kIntended, kSending);
  if (auto marked = options_.store->commit(std::move(mark)); !marked) return std::move(marked.error());
  if (auto anchored = options_.store->anchor(); !anchored) return anchored;
  under_way_ = key;
  options_.broker->submit(kIdBit | static_cast<std::uint64_t>(change.sequence), change.request, change.body);
  return {};
}

Result<void> Remote::answered(const broker::Answer& answer) {
  if (stopped_ || !under_way_) return {};
  const std::string key = *under_way_;
  if ((kIdBit | static_cast<std::uint64_t>(by_key_.at(key).sequence)) != answer.id) return {};
  under_way_.reset();
  const EffectState state = judge(answer);
  if (state == EffectState::kInDoubt)
    log::warning(options_.step_id, "it is in doubt whether the remote change " + key + " has happened: " + answer.json);
  return record(key, state, answer.json);
}

Result<void> Remote::reconciled(std::string_view body) {
  auto said = frames::HttpReconciled::decode(body);
  if (!said) return std::move(said.error());
  if (doubtful_.erase(said->key) == 0) return Error(ErrorKind::kInvalid, "reconciled a change that nobody asked about");
  if (said->status != DD_OK)
    return record(said->key, EffectState::kInDoubt,
                  words("cancelled", "Daydream ended while it was sent, and the step cannot tell whether it happened"));
  if (said->happened != 0) return record(said->key, EffectState::kApplied, R"({"reconciled":true})");
  const auto place = std::find_if(waiting_.begin(), waiting_.end(), [&](const std::string& key) {
    return by_key_.at(key).sequence > by_key_.at(said->key).sequence;
  });
  waiting_.insert(place, said->key);
  return {};
}

std::optional<frames::HttpSettled> Remote::settled(const std::string& key) const {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return std::nullopt;
  return frames::HttpSettled{state_for_plugin(found->second.state), found->second.response};
}

}  // namespace daydream::session
