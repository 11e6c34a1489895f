#include "schedule/serve.hpp"

#include <catch2/catch.hpp>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "base/zone.hpp"
#include "log/log.hpp"

using namespace daydream;
using schedule::Due;
using schedule::Woken;

namespace {

// A machine whose time passes only while somebody waits for it.
struct World final : Clock, schedule::Alarm {
  Instant time = *parse_rfc3339("2026-11-22T00:00:00Z");
  schedule::Schedule plan{"02:30", "UTC"};
  schedule::History history{{"2026-11-21"}, ""};
  std::vector<std::string> runs;  // the time of each
  std::vector<int> exit_codes;    // of the coming runs; then 0
  bool stop = false;
  int nights_until_stop = 3;
  int elapsed = 0;
  bool clock_set_once = false;

  World() { log::start({.to_stderr = false}); }
  Instant now() const override { return time; }
  Milliseconds monotonic() const override { return Milliseconds(time.ms); }
  Result<Woken> wait(Instant until, Milliseconds at_most) override {
    if (stop) return Woken::kStop;
    if (clock_set_once) {
      clock_set_once = false;
      time.ms += 36LL * 3'600'000;  // set forward over a night
      return Woken::kClock;
    }
    if (until.ms - time.ms > at_most.count()) {
      time.ms += at_most.count();
      ++elapsed;
      return Woken::kElapsed;
    }
    time = std::max(time, until);
    return Woken::kTime;
  }
  int run() {
    runs.push_back(rfc3339(time));
    int exit_code = 0;
    if (!exit_codes.empty()) {
      exit_code = exit_codes.front();
      exit_codes.erase(exit_codes.begin());
    }
    const auto due = schedule::decide(plan, history, time);
    const std::string date = due->date.value_or(history.unfinished_date);
    if (exit_code == 0) {
      history.completed_dates.push_back(date);
      history.unfinished_date.clear();
    }
    if (exit_code == 75) history.unfinished_date = date;
    time.ms += 600'000;
    if (static_cast<int>(runs.size()) >= nights_until_stop) stop = true;
    return exit_code;
  }
  Result<int> serve(const schedule::Notifier& notifier = {}) {
    schedule::ServeOptions options;
    options.next_due = [this] { return schedule::decide(plan, history, time); };
    options.run_once = [this] { return run(); };
    options.stop_requested = [this] { return stop; };
    options.zone = plan.zone;
    return schedule::serve(options, *this, *this, notifier);
  }
};

// systemd's end of the socket.
class Manager {
 public:
  explicit Manager(const std::string& name) : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    if (name[0] == '@') address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    REQUIRE(::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), size) == 0);
    ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
  }
  std::vector<std::string> heard() {
    std::vector<std::string> messages;
    char buffer[1024];
    for (;;) {
      const ssize_t count = ::recv(socket_.get(), buffer, sizeof buffer, MSG_DONTWAIT);
      if (count < 0) return messages;
      messages.emplace_back(buffer, static_cast<std::size_t>(count));
    }
  }

 private:
  files::Descriptor socket_;
};

}  // namespace

TEST_CASE("every night is run at its time, until it is asked to stop") {
  World world;
  const auto end = world.serve();
  REQUIRE(end);
  CHECK(*end == 0);
  CHECK(world.runs == std::vector<std::string>{"2026-11-22T02:30:00Z", "2026-11-23T02:30:00Z", "2026-11-24T02:30:00Z"});
}

TEST_CASE("a night missed while nobody served is run at once") {
  World world;
  world.history.completed_dates = {"2026-11-10"};
  world.nights_until_stop = 2;
  REQUIRE(world.serve());
  CHECK(world.runs == std::vector<std::string>{"2026-11-22T00:00:00Z", "2026-11-22T02:30:00Z"});
}

TEST_CASE("a run that ended with 75 is tried again after pauses that grow, and then served on") {
  World world;
  world.exit_codes = {75, 75, 75};
  world.nights_until_stop = 5;
  REQUIRE(world.serve());
  CHECK(world.runs == std::vector<std::string>{"2026-11-22T02:30:00Z", "2026-11-22T02:55:00Z", "2026-11-22T03:35:00Z",
                                               "2026-11-22T04:45:00Z", "2026-11-23T02:30:00Z"});
}

TEST_CASE("pauses have an end: a night that never succeeds is tried at the longest pause and at each night") {
  World world;
  world.exit_codes = std::vector<int>(40, 75);
  world.nights_until_stop = 12;
  REQUIRE(world.serve());
  // 15 min, 30, 60, 120, 240, 240, ... each after a run of 10 minutes; the night of the 23rd is not slept over.
  CHECK(world.runs[5] == "2026-11-22T11:05:00Z");
  CHECK(world.runs[6] == "2026-11-22T15:15:00Z");
  CHECK(std::count(world.runs.begin(), world.runs.end(), "2026-11-23T02:30:00Z") == 1);
}

TEST_CASE("what only a human can mend ends the service with that code") {
  const int exit_code = GENERATE(64, 65, 70, 78);
  World world;
  world.exit_codes = {exit_code};
  const auto end = world.serve();
  REQUIRE(end);
  CHECK(*end == exit_code);
  CHECK(world.runs.size() == 1);
}

TEST_CASE("a night completed with a quarantined step (78) does not end the service") {
  World world;
  world.nights_until_stop = 2;
  schedule::ServeOptions options;
  options.next_due = [&] { return schedule::decide(world.plan, world.history, world.time); };
  options.run_once = [&] {
    world.run();
    return 78;
  };
  options.stop_requested = [&] { return world.stop; };
  options.zone = "UTC";
  const auto end = schedule::serve(options, world, world, {});
  REQUIRE(end);
  CHECK(*end == 0);
  CHECK(world.runs.size() == 2);
}

TEST_CASE("a stop in the middle of a run is 75 when work was left, 0 when not") {
  const int exit_code = GENERATE(0, 75);
  World world;
  world.nights_until_stop = 1;
  world.exit_codes = {exit_code};
  CHECK(*world.serve() == exit_code);
}

TEST_CASE("a state that cannot be read ends the service") {
  World world;
  schedule::ServeOptions options;
  options.next_due = []() -> Result<Due> { return Error(ErrorKind::kDamaged, "the store is cut short"); };
  options.run_once = [] { return 0; };
  options.stop_requested = [] { return false; };
  const auto end = schedule::serve(options, world, world, {});
  REQUIRE_FALSE(end);
  CHECK(end.error().kind() == ErrorKind::kDamaged);
}

TEST_CASE("a clock that was set forward over a night is noticed at once") {
  World world;
  world.clock_set_once = true;
  world.nights_until_stop = 1;
  REQUIRE(world.serve());
  CHECK(world.runs == std::vector<std::string>{"2026-11-23T12:00:00Z"});
  CHECK(world.history.completed_dates.back() == "2026-11-23");
}

TEST_CASE("systemd is told when it is ready, what it does, that it lives, and when it stops") {
  const std::string folder = "/tmp/daydream_notify_" + std::to_string(::getpid());
  const bool abstract = GENERATE(false, true);
  const std::string name = (abstract ? "@" : "") + folder;
  Manager manager(name);
  ::setenv("WATCHDOG_USEC", "60000000", 1);
  ::setenv("WATCHDOG_PID", std::to_string(::getpid()).c_str(), 1);
  const auto notifier = schedule::Notifier::from_environment();
  if (!abstract) ::unlink(name.c_str());
  CHECK(std::getenv("NOTIFY_SOCKET") == nullptr);
  CHECK(std::getenv("WATCHDOG_USEC") == nullptr);
  CHECK(notifier.watchdog_interval() == Milliseconds(30'000));
  World world;
  world.time = *parse_rfc3339("2026-11-22T02:28:45Z");
  world.nights_until_stop = 1;
  REQUIRE(world.serve(notifier));
  CHECK(manager.heard() ==
        std::vector<std::string>{"READY=1", "STATUS=next night 2026-11-22 02:30 UTC", "WATCHDOG=1", "WATCHDOG=1",
                                 "WATCHDOG=1", "STATUS=running the night of 2026-11-22", "WATCHDOG=1", "STOPPING=1"});
  CHECK(world.elapsed == 2);
}

TEST_CASE("a watchdog meant for another process is not fed, and nobody told is no error") {
  const std::string name = "@daydream_watchdog_" + std::to_string(::getpid());
  Manager manager(name);
  ::setenv("WATCHDOG_USEC", "60000000", 1);
  ::setenv("WATCHDOG_PID", "1", 1);
  CHECK_FALSE(schedule::Notifier::from_environment().watchdog_interval());
  ::setenv("NOTIFY_SOCKET", "relative", 1);
  CHECK_FALSE(schedule::Notifier::from_environment().connected());
  ::setenv("NOTIFY_SOCKET", "/nowhere/at/all", 1);
  CHECK_FALSE(schedule::Notifier::from_environment().connected());
  schedule::Notifier().ready();
}

TEST_CASE("a status is one line, whatever it is made of") {
  const std::string name = "@daydream_status_" + std::to_string(::getpid());
  Manager manager(name);
  schedule::Notifier::from_environment().status("one\nREADY=1\x1b[2J");
  const auto heard = manager.heard();
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].starts_with("STATUS=one"));
  CHECK(heard[0].find_first_of("\n\x1b") == std::string::npos);
}
