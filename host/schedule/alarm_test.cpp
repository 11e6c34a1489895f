#include "schedule/alarm.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>

#include "schedule/signals.hpp"

using namespace daydream;
using schedule::Woken;

namespace {

Instant now() {
  return SystemClock().now();
}

schedule::TimerAlarm alarm_with(int stop) {
  auto alarm = schedule::TimerAlarm::create(stop);
  REQUIRE(alarm);
  return *std::move(alarm);
}

// Runs `story` in a process of its own, as signals belong to the whole process. -> wait status.
template <class Story>
int in_process(Story story) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(story());
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

}  // namespace

TEST_CASE("an alarm wakes at its instant, or at once when that is over") {
  auto alarm = alarm_with(-1);
  const Instant soon{now().ms + 30};
  CHECK(*alarm.wait(soon, std::chrono::seconds(20)) == Woken::kTime);
  CHECK(now() >= soon);
  CHECK(*alarm.wait(soon, std::chrono::seconds(20)) == Woken::kTime);
  CHECK(*alarm.wait({0}, std::chrono::seconds(20)) == Woken::kTime);
}

TEST_CASE("an alarm lets go after the time it was given") {
  auto alarm = alarm_with(-1);
  CHECK(*alarm.wait({now().ms + 60'000}, Milliseconds(10)) == Woken::kElapsed);
  CHECK(*alarm.wait({now().ms + 60'000}, Milliseconds(0)) == Woken::kElapsed);
}

TEST_CASE("a stop wakes an alarm, also one that was asked before") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  auto alarm = alarm_with(ends[0]);
  REQUIRE(::write(ends[1], "x", 1) == 1);
  CHECK(*alarm.wait({now().ms + 60'000}, std::chrono::seconds(20)) == Woken::kStop);
  CHECK(*alarm.wait({now().ms + 60'000}, std::chrono::seconds(20)) == Woken::kStop);
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_CASE("SIGTERM and SIGINT ask to stop and wake who waits") {
  const int number = GENERATE(SIGTERM, SIGINT);
  const int status = in_process([number] {
    const auto stop = schedule::catch_stop_signals();
    if (!stop || schedule::stop_requested()) return 1;
    if (*schedule::catch_stop_signals() != *stop) return 2;
    ::raise(number);
    auto alarm = schedule::TimerAlarm::create(*stop);
    const auto woken = alarm->wait({now().ms + 60'000}, std::chrono::seconds(20));
    return schedule::stop_requested() && *woken == Woken::kStop ? 0 : 3;
  });
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("a second SIGINT ends the program at once with 75, a second SIGTERM does nothing") {
  const int status = in_process([] {
    if (!schedule::catch_stop_signals()) return 1;
    ::raise(SIGTERM);
    ::raise(SIGTERM);
    ::raise(SIGINT);
    return 2;
  });
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 75);
}
