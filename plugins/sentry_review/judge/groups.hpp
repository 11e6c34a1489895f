// What was read tonight, as errors: issues told once each, joined where they are one error under several ids,
// each with its newest event and what the ledger knows of it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "plugins/sentry_review/judge/ledger.hpp"
#include "plugins/sentry_review/read/records.hpp"

namespace daydream::sentry {

class Collected {
 public:
  // `in_scope`: from a list; false for issues that were only asked about again. One with the same id adds to what
  // is known of it.
  void add(Issue issue, bool in_scope);
  void add(Event event);
  // Issues made of events that no issue owns: one for each fingerprint.
  void adopt_orphans();

  struct Known {
    Issue issue;
    bool in_scope = false;
  };
  [[nodiscard]] const std::vector<Known>& issues() const { return issues_; }
  // The newest event of an issue, or nullptr.
  [[nodiscard]] const Event* event_of(const std::string& issue_id) const;
  [[nodiscard]] Millis newest() const;

 private:
  std::vector<Known> issues_;
  std::map<std::string, std::size_t> by_alias_;
  std::map<std::string, std::vector<Event>> events_;  // by issue id
};

struct Group {
  std::string key, coarse;
  bool fine = false;
  const Entry* entry = nullptr;      // what the ledger has, also of this run
  std::vector<const Issue*> issues;  // in scope ones first, then by id
  const Event* event = nullptr;      // the newest of any of them
  bool in_scope = false;
  bool under_new_id = false;  // none of its ids was known
};

// Deterministic: the same issues and ledger give the same groups, whatever their order. `run`: its own entries
// are looked through to what was known before it.
std::vector<Group> group(const Collected& collected, const Ledger& ledger);

}  // namespace daydream::sentry
