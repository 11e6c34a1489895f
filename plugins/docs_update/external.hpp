// Links that leave the repository: what an answer means, and what many of them over many nights mean.
// Only what was gone (404, 410, a name that does not resolve) in three runs over three days is broken; refusals,
// limits, faults of servers and of networks never are. What is known lies in memory, one entry an address.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "daydream/sdk.hpp"
#include "plugins/docs_update/survey.hpp"

namespace daydream::docs {

enum class Verdict : char {
  kOk = 'o',
  kGone = 'g',
  kBlocked = 'b',
  kLimited = 'l',
  kUnreachable = 'u',
  kUnknown = '?'
};

struct Answer {
  Verdict verdict = Verdict::kUnknown;
  int status = 0;
  bool no_name = false;             // the name did not resolve
  std::int64_t retry_after_ms = 0;  // what the server asked for
};

struct Ledger {
  Verdict verdict = Verdict::kUnknown;
  int status = 0;
  int runs_gone = 0;               // in a row
  std::int64_t first_gone_ms = 0;  // of that row
  std::int64_t checked_ms = 0, next_ms = 0;
  std::string run;  // the last one that asked

  // "g 404 2 <first gone> <checked> <next> <run>"
  [[nodiscard]] std::string encode() const;
  static Ledger decode(std::string_view bytes);  // an unreadable one is a new one
  [[nodiscard]] bool broken() const;
};

// `response_json` as the broker gives it.
Answer read_answer(std::string_view response_json);
// What is known after one more answer. `spread`: any number, to part the times at which links come due.
Ledger advance(Ledger ledger, const Answer& answer, std::int64_t now_ms, const std::string& run, std::uint64_t spread);
// A HEAD that was refused may be no answer about the page: ask with GET.
bool ask_again_with_get(const Answer& answer);

// Asks about those that are due, commits every answer at once, and says which are broken. kCancelled where the
// run was asked to stop.
Result<void> check_external(const sdk::Run& run, Survey& survey, Findings& findings);

}  // namespace daydream::docs
