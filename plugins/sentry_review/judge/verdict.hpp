// One error, judged: what is said of it tonight, and what the ledger keeps.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/sentry_review/code/locate.hpp"
#include "plugins/sentry_review/code/releases.hpp"
#include "plugins/sentry_review/judge/category.hpp"
#include "plugins/sentry_review/judge/groups.hpp"
#include "plugins/sentry_review/judge/suggest.hpp"

namespace daydream::sentry {

enum class Said : std::uint8_t { kNothing, kNew, kRecurring, kRegressed, kResolved };

struct Judged {
  Said said = Said::kNothing;
  Entry entry;  // as it is to be stored
  Category category;
  std::string title, level, history;  // history: "new, first seen ...", "an old build still runs, ..."
  std::string brief;                  // of it, for the message
  std::string permalink, release;
  std::int64_t events = 0;
};

struct Night {
  std::string run;
  std::uint64_t stamp = 0;  // of this try of the run
  Millis start = 0, end = 0;
  Millis quiet_after = 0;
};

// Judges a group. Asks `releases` only where something came back after it was resolved.
Judged judge(const Group& group, const Night& night, Releases& releases, const Suggestion& suggestion);
// An entry that nothing tonight speaks of: resolved by a commit or by silence, or nothing.
std::optional<Judged> judge_absent(const Entry& entry, const Night& night, Releases& releases);

}  // namespace daydream::sentry
