// Decides, from the clock alone, when a worker is asked to stop, then made to. Pure; one thread.
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"

namespace daydream::session {

struct WatchdogLimits {
  Milliseconds timeout{0};       // of the whole try
  Milliseconds idle_timeout{0};  // without progress
  Milliseconds heartbeat{15'000};
  Milliseconds terminate_after{3'000};  // from the polite request
  Milliseconds kill_after{4'000};       // from the polite request
};

enum class Reason {
  kNone,       // all is well
  kRequested,  // somebody asked the run to stop
  kTimeout,    // the try took longer than its timeout
  kIdle,       // no progress for its idle_timeout
  kFrozen,     // no heartbeat: the process stands still
};

enum class Order { kNothing, kCancel, kTerminate, kKill };

class Watchdog {
 public:
  Watchdog(const WatchdogLimits& limits, Milliseconds now)
      : limits_(limits), started_(now), progress_(now), beat_(now) {}

  void on_progress(Milliseconds now) { progress_ = now; }
  void on_heartbeat(Milliseconds now) { beat_ = now; }
  // The next order, each given once, in this sequence.
  Order tick(Milliseconds now, bool stop_requested);

  [[nodiscard]] Reason reason() const { return reason_; }
  // For people: "no progress for 2 min".
  [[nodiscard]] std::string words() const;

 private:
  [[nodiscard]] Reason judge(Milliseconds now, bool stop_requested) const;

  WatchdogLimits limits_;
  Milliseconds started_, progress_, beat_;
  Reason reason_ = Reason::kNone;
  Milliseconds cancelled_{0};
  Order last_ = Order::kNothing;
};

}  // namespace daydream::session
