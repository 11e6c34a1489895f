// Whether a night is due. Pure: the schedule, the history and the instant are all it knows.
//
// Every calendar date of the zone becomes due once, at the first instant at or after the wall-clock time: a
// time that a clock change leaps over is due at the leap, one that comes twice is due the first time. A date
// that the zone leapt over has no night. Of several missed dates only the latest is due. A store without
// runs has missed every night: the latest is due at once, so that a first start shows at once whether all
// is well. A run by hand makes its date done, also before the wall-clock time, and those before it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "daydream/kit/result.hpp"

namespace daydream::schedule {

struct Schedule {
  std::string at = "02:30";  // local wall-clock time
  std::string zone;          // IANA name; "" = the machine's
};

struct History {
  std::vector<std::string> completed_dates;  // with a completed full run; any order
  std::string unfinished_date;               // of a run that waits to be finished; "" = none
};

struct Due {
  std::optional<std::string> date;  // due now
  bool unfinished = false;          // a run ended with 75: it is due again now, whatever `date` says
  Instant next;                     // when another date becomes due; always later than now

  [[nodiscard]] bool now() const { return date.has_value() || unfinished; }
};

// kInvalid for a zone or time that is none.
Result<Due> decide(const Schedule& schedule, const History& history, Instant now);

}  // namespace daydream::schedule
