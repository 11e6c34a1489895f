// A worker's transaction -> one durable commit, then its effects. The store is the commit point: what it
// holds as intended is finished by recovery whatever happens behind it.
#pragma once

#include <cstdint>

#include "frames/messages.hpp"
#include "session/remote.hpp"
#include "session/session.hpp"

namespace daydream::session {

class Transactions {
 public:
  Transactions(Options& options, Remote& remote) : options_(options), remote_(remote) {}

  // Loads what earlier tries committed: the next finding number, the draft.
  Result<void> resume();
  [[nodiscard]] std::uint64_t next_finding() const { return next_finding_; }
  [[nodiscard]] int commits() const { return commits_; }

  // The dd_status for the worker; DD_BAD_ARGUMENT (words in `why`) when nothing of it was taken. An error
  // is the host's own.
  Result<std::int32_t> commit(std::string_view body, std::string* why);

 private:
  Result<void> collect(const frames::Commit& request, checkpoint::Transaction& transaction);
  Result<void> collect_findings(const frames::Commit& request, checkpoint::Transaction& transaction);
  Result<void> collect_effects(std::vector<Effect>& effects);
  Result<void> check_effect(Effect& effect);
  Result<void> apply_live(std::vector<Effect>& effects, const std::vector<std::int64_t>& sequences);
  Result<void> rebuild_draft();

  Options& options_;
  Remote& remote_;
  std::uint64_t next_finding_ = 1;
  int commits_ = 0;
};

}  // namespace daydream::session
