// A step for tests of the broker: makes the requests of its configuration, keeps each answer in memory under
// its place ("0", "1", ..: response, line break, body), commits after each. "effects": remote changes instead.
#include <unistd.h>
#include <daydream/sdk.hpp>
#include <string>

namespace {

using namespace daydream;

constexpr const char* kDescriptor = R"({
  "id": "fetcher", "version": "0.1.0", "summary": "fetches", "role": "step",
  "config_schema": {"type": "object", "properties": {
    "requests": {"type": "array", "items": {"type": "object", "additionalProperties": {}}, "default": []},
    "bodies": {"type": "array", "items": {"type": "string"}, "default": []},
    "at_once": {"type": "boolean", "default": false},
    "effects": {"type": "boolean", "default": false},
    "happened": {"type": "string", "default": ""}}},
  "checkpoint_schema": 1, "memory_schema": 1,
  "services": ["daydream.run/1", "daydream.state/1", "daydream.http/1"],
  "report": {"title": "Fetched", "lines": [{"text": "Fetched {n} pages", "metric": "pages"}]}
})";

class Fetcher {
 public:
  Fetcher(sdk::Run& run, const json::Value& configuration)
      : run_(run),
        bodies_(json::get_strings(configuration, "bodies")),
        at_once_(json::get_bool(configuration, "at_once")),
        effects_(json::get_bool(configuration, "effects")),
        happened_(json::get_string(configuration, "happened")) {
    if (const json::Value* requests = json::find(configuration, "requests")) {
      for (const auto& request : requests->GetArray()) requests_.push_back(json::write(request));
    }
  }

  Result<sdk::Outcome> run() {
    auto checkpoint = run_.state().checkpoint();
    if (!checkpoint) return std::move(checkpoint.error());
    const std::size_t from = *checkpoint ? std::stoul(std::string((*checkpoint)->bytes)) : 0;
    if (effects_) return change(from);
    for (std::size_t i = from; at_once_ && i < requests_.size(); ++i) {
      if (auto asked = ask(i); !asked) return std::move(asked.error());
    }
    for (std::size_t i = from; i < requests_.size(); ++i) {
      if (!at_once_) {
        if (auto asked = ask(i); !asked) return std::move(asked.error());
      }
      if (auto kept = keep(i + 1); !kept) {
        if (kept.error().kind() == ErrorKind::kCancelled) return sdk::Outcome::cancelled();
        return std::move(kept.error());
      }
    }
    return sdk::Outcome::ok();
  }

  Result<bool> reconcile(std::string_view key, const json::Value& /*request*/) {
    run_.info("reconcile " + std::string(key));
    if (happened_.empty()) return Error(ErrorKind::kUnsupported, "cannot be told");
    return happened_ == "yes";
  }

 private:
  std::string body(std::size_t i) const { return i < bodies_.size() ? bodies_[i] : ""; }

  Result<void> ask(std::size_t i) { return run_.http().submit(i, requests_[i], body(i)); }

  Result<void> keep(std::size_t next) {
    auto response = run_.http().poll(std::chrono::milliseconds(50));
    for (; !response; response = run_.http().poll(std::chrono::milliseconds(50))) {
      if (response.error().kind() != ErrorKind::kNotFound) return std::move(response.error());
      if (run_.cancelled()) return Error(ErrorKind::kCancelled, "asked to stop");
      run_.progress(next, requests_.size(), "waiting");
    }
    run_.info("answer " + std::string(response->json));
    auto txn = run_.begin();
    if (!txn) return std::move(txn.error());
    txn->put_memory(std::to_string(response->ticket), std::string(response->json) + "\n" + std::string(response->body));
    txn->put_metric("pages", static_cast<double>(next));
    sdk::Finding finding;
    finding.rule = "test/fetched";
    finding.message = std::string(response->json) + std::string(response->body);
    txn->put_finding(finding);
    if (!at_once_) txn->put_checkpoint(1, std::to_string(next));
    return txn->commit();
  }

  Result<sdk::Outcome> change(std::size_t from) {
    if (from == 0) {
      auto txn = run_.begin();
      if (!txn) return std::move(txn.error());
      for (std::size_t i = 0; i < requests_.size(); ++i) {
        sdk::Finding finding;
        finding.rule = "test/changed";
        finding.symbol = "change" + std::to_string(i);
        finding.message = "a remote change";
        finding.safety = sdk::Safety::kSafe;
        txn->http_effect("change" + std::to_string(i), requests_[i], body(i), txn->put_finding(finding));
      }
      txn->put_checkpoint(1, "1");
      if (auto committed = txn->commit(); !committed) return std::move(committed.error());
      if (happened_ == "fail") return sdk::Outcome::permanent("fails behind its commit");
    }
    for (std::size_t i = 0; i < requests_.size(); ++i) {
      auto settled = run_.http().settled("change" + std::to_string(i));
      while (settled && settled->state == sdk::Http::EffectState::kWaiting) {
        if (run_.cancelled()) return sdk::Outcome::cancelled();
        run_.progress(i, requests_.size(), "waiting");
        usleep(5000);
        settled = run_.http().settled("change" + std::to_string(i));
      }
      if (!settled) return std::move(settled.error());
      auto txn = run_.begin();
      if (!txn) return std::move(txn.error());
      txn->put_memory("change" + std::to_string(i),
                      std::to_string(static_cast<int>(settled->state)) + " " + std::string(settled->response_json));
      if (auto committed = txn->commit(); !committed) return std::move(committed.error());
    }
    return sdk::Outcome::ok();
  }

  sdk::Run& run_;
  std::vector<std::string> requests_, bodies_;
  bool at_once_, effects_;
  std::string happened_;
};

}  // namespace

DAYDREAM_PLUGIN(Fetcher, kDescriptor);
