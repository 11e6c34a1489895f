// Remote changes of a step: intended by a commit, sent behind it one after the other, each marked in the store
// before it leaves, so that a kill at any moment leaves "never sent", "asked for by reconcile" or "settled".
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "broker/client.hpp"
#include "frames/http_messages.hpp"
#include "session/session.hpp"

namespace daydream::session {

class Remote {
 public:
  static constexpr std::uint64_t kIdBit = std::uint64_t{1} << 63;  // ids of ours among the broker's

  explicit Remote(Options& options) : options_(options) {}

  // What earlier tries left: fills options.start.reconcile with what was sent and never settled.
  Result<void> resume();
  // A key names one change of the run: whether it has been intended already.
  [[nodiscard]] bool knows(const std::string& key) const { return by_key_.count(key) != 0; }
  // Behind their commit.
  void add(const std::vector<Effect>& effects, const std::vector<std::int64_t>& sequences);
  // Sends the next one, if it is its turn.
  Result<void> pump();
  Result<void> answered(const broker::Answer& answer);
  Result<void> reconciled(std::string_view body);
  [[nodiscard]] std::optional<frames::HttpSettled> settled(const std::string& key) const;
  // Nothing can be sent or waited for now.
  [[nodiscard]] bool quiet() const { return stopped_ || (!under_way_ && (waiting_.empty() || !doubtful_.empty())); }
  [[nodiscard]] bool unfinished() const { return !waiting_.empty() || under_way_ || !doubtful_.empty(); }
  // Nothing more is sent; what is under way is for the next start to reconcile.
  void stop() { stopped_ = true; }

 private:
  struct Change {
    std::int64_t sequence = 0;
    EffectState state = EffectState::kIntended;
    std::string request, body, response;
  };
  Result<void> record(const std::string& key, EffectState state, std::string response);

  Options& options_;
  std::map<std::string, Change> by_key_;
  std::deque<std::string> waiting_;       // keys, in order
  std::map<std::string, bool> doubtful_;  // sent by an earlier try; reconcile has not spoken yet
  std::optional<std::string> under_way_;
  bool stopped_ = false;
};

}  // namespace daydream::session
