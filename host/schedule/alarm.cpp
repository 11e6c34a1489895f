#include "schedule/alarm.hpp"

#include <poll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>

namespace daydream::schedule {

Result<TimerAlarm> TimerAlarm::create(int stop) {
  files::Descriptor timer(::timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK));
  if (timer.get() < 0) return Error::from_errno(errno, "cannot make a timer");
  return TimerAlarm(std::move(timer), stop);
}

Result<Woken> TimerAlarm::wait(Instant until, Milliseconds at_most) {
  itimerspec when{};
  when.it_value.tv_sec = until.ms / 1000;
  when.it_value.tv_nsec = std::max<std::int64_t>(until.ms % 1000 * 1'000'000, 1);  // all zero would disarm it
  if (::timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &when, nullptr) != 0) {
    if (errno == ECANCELED) return Woken::kClock;  // set since we last looked
    return Error::from_errno(errno, "cannot set a timer");
  }
  const auto deadline = std::chrono::steady_clock::now() + std::min<Milliseconds>(at_most, std::chrono::hours(24));
  for (;;) {
    const auto left = std::chrono::ceil<Milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    pollfd fds[2] = {{stop_, POLLIN, 0}, {timer_.get(), POLLIN, 0}};
    const int count = ::poll(fds, 2, static_cast<int>(std::max<std::int64_t>(left, 0)));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Error::from_errno(errno, "cannot wait for a timer");
    if (count == 0) return Woken::kElapsed;
    if (fds[0].revents != 0) return Woken::kStop;
    std::uint64_t times = 0;
    if (::read(timer_.get(), &times, sizeof times) == sizeof times) return Woken::kTime;
    if (errno == ECANCELED) return Woken::kClock;
  }
}

}  // namespace daydream::schedule
