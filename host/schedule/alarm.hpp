// Waiting for an instant of wall time; replaced by tests.
#pragma once

#include "base/clock.hpp"
#include "base/files.hpp"

namespace daydream::schedule {

enum class Woken {
  kTime,     // the instant has come
  kStop,     // the stop descriptor is readable
  kElapsed,  // `at_most` is over: look after other things and wait on
  kClock,    // the clock was set: what was waited for may be over or far away
};

class Alarm {
 public:
  virtual ~Alarm() = default;
  virtual Result<Woken> wait(Instant until, Milliseconds at_most) = 0;
};

// timerfd on CLOCK_REALTIME, so that a suspended or adjusted machine wakes at the right wall time.
class TimerAlarm final : public Alarm {
 public:
  // `stop`: -1 = none. Not owned.
  static Result<TimerAlarm> create(int stop);
  Result<Woken> wait(Instant until, Milliseconds at_most) override;

 private:
  TimerAlarm(files::Descriptor timer, int stop) : timer_(std::move(timer)), stop_(stop) {}
  files::Descriptor timer_;
  int stop_;
};

}  // namespace daydream::schedule
