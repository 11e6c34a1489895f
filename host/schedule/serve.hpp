// The long-lived Daydream: sleeps until a night is due, runs it, sleeps again; tells systemd. Knows
// nothing of runs but the two functions that cli/ gives it.
#pragma once

#include <functional>
#include <string>

#include "base/clock.hpp"
#include "schedule/alarm.hpp"
#include "schedule/due.hpp"
#include "schedule/notify.hpp"

namespace daydream::schedule {

struct ServeOptions {
  // What is due now, by the store and the manifest as they are now (both may change between two nights).
  std::function<Result<Due>()> next_due;
  // One `run --if-due`, with its exit code. Must itself end within 5 s of a stop signal.
  std::function<int()> run_once;
  std::function<bool()> stop_requested;
  std::string zone;  // for the times that people are told
  // A run that ended with 75 is tried again after this pause, which doubles up to `longest_pause`, and at the
  // next night at the latest.
  Milliseconds first_pause = std::chrono::minutes(15);
  Milliseconds longest_pause = std::chrono::hours(4);
};

// Serves until it is asked to stop (exit 0, or 75 when that interrupted a run), or until only a human can go
// on: a run that ended with 64, 65, 70 or 78 and left its night due ends with that code. An error of next_due
// is returned. While a run is under way a thread of this function feeds systemd's watchdog: hanging steps are
// the run's own business.
Result<int> serve(const ServeOptions& options, const Clock& clock, Alarm& alarm, const Notifier& notifier);

}  // namespace daydream::schedule
