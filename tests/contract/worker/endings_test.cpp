// How a step can end, and what of it the host sees.
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <cerrno>

#include "base/files.hpp"
#include "host_side.hpp"

namespace daydream::worker_test {
namespace {

using Catch::Contains;
using namespace std::chrono_literals;

TEST_CASE("an exception that leaves the plugin is said by name before the process aborts") {
  HostSide host;
  host.run(start_of("throws_in_run"));
  CHECK_FALSE(host.done);
  REQUIRE(host.exit);
  CHECK(host.exit->signal == SIGABRT);
  CHECK_THAT(host.all_logs(), Contains("std::runtime_error") && Contains("the cat sat on it"));
  HostSide open;
  open.run(start_of("throws_in_open"));
  CHECK(open.exit->signal == SIGABRT);
  CHECK_THAT(open.all_logs(), Contains("an exception left the plugin: int"));
  HostSide thread;
  thread.run(start_of("throws_in_thread"));
  CHECK(thread.exit->signal == SIGABRT);
  CHECK_THAT(thread.all_logs(), Contains("std::logic_error: in a thread"));
}

TEST_CASE("a plugin that ends the process is seen as that, never as done") {
  struct Case {
    const char* name;
    int signal, code;
  };
  for (const Case& expected : {Case{"aborts", SIGABRT, -1}, Case{"segfaults", SIGSEGV, -1}, Case{"exits", 0, 3},
                               Case{"exits_at_once", 0, 0}}) {
    INFO(expected.name);
    HostSide host;
    host.run(start_of(expected.name));
    CHECK(host.ready);
    CHECK_FALSE(host.done);
    REQUIRE(host.exit);
    CHECK(host.exit->signal == expected.signal);
    if (expected.signal == 0) CHECK(host.exit->exit_code == expected.code);
  }
}

TEST_CASE("open() that refuses is not closed and not run, and its words arrive") {
  HostSide host;
  host.run(start_of("refuses_to_open"));
  REQUIRE(host.done);
  CHECK(host.done->stage == "open");
  CHECK(host.done->status == DD_SKIPPED);
  REQUIRE(host.explain);
  CHECK(host.explain->code == "not-configured");
  CHECK(host.exit->exit_code == 0);
}

TEST_CASE("a step that is asked to stop sees it, one that does not heed can be killed") {
  HostSide heeds;
  heeds.on_log = [](HostSide& host, const std::string& line) {
    if (line == "working") host.cancel();
  };
  heeds.run(start_of("heeds_cancel"));
  REQUIRE(heeds.done);
  CHECK(heeds.done->status == DD_CANCELLED);

  HostSide ignores;
  ignores.on_log = [](HostSide& host, const std::string& line) {
    if (line == "working") host.cancel();
    if (line == "cancelled, and going on") host.kill();
  };
  ignores.run(start_of("ignores_cancel"));
  CHECK_FALSE(ignores.done);
  CHECK(ignores.exit->signal == SIGKILL);
}

TEST_CASE("a step that hangs or spins still beats, and dies by SIGTERM") {
  for (const char* name : {"hangs", "spins"}) {
    INFO(name);
    HostSide host;
    host.on_log = [](HostSide& self, const std::string&) { ::kill(self.pid(), SIGTERM); };
    host.run(start_of(name));
    CHECK_FALSE(host.done);
    CHECK(host.exit->signal == SIGTERM);
  }
}

TEST_CASE("the heart beats while the plugin is busy") {
  HostSide host;
  host.on_heartbeat = [](HostSide& self) { self.kill(); };
  host.run(start_of("spins"));
  CHECK(host.heartbeats >= 1);
  CHECK(host.exit->signal == SIGKILL);
}

TEST_CASE("a step ends at its limit on CPU time") {
  HostSide host;
  frames::Start start = start_of("eats_cpu");
  start.cpu_seconds = 1;
  host.run(start);
  CHECK_FALSE(host.done);
  CHECK((host.exit->signal == SIGXCPU || host.exit->signal == SIGKILL));
}

TEST_CASE("a plugin that closes every descriptor ends, unheard") {
  HostSide host;
  host.run(start_of("closes_descriptors"));
  CHECK_FALSE(host.done);
  CHECK_FALSE(host.said("nobody hears this"));
  REQUIRE(host.exit);
  CHECK(host.exit->exit_code == 75);
}

TEST_CASE("a child that a plugin leaves behind is not heard, and dies with the worker's group") {
  HostSide host;
  host.run(start_of("leaves_child"));
  REQUIRE(host.done);
  REQUIRE(host.exit);
  CHECK(host.exit->exit_code == 0);
  CHECK_FALSE(host.said("a child must not be heard"));
  const std::string line = host.logs.back().message;
  REQUIRE(line.starts_with("child "));
  const int child = std::stoi(line.substr(6));
  // Killed by Child::wait; a zombie until init takes it.
  bool gone = false;
  for (int i = 0; i < 1000 && !gone; ++i) {
    auto status = files::read("/proc/" + std::to_string(child) + "/stat");
    gone = !status || status->find(") Z ") != std::string::npos || status->find(") X ") != std::string::npos;
    if (!gone) ::usleep(1000);
  }
  CHECK(gone);
}

TEST_CASE("a step that takes too much memory ends at its limit and says so") {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return;  // no limit is set there: the shadow alone is larger
#endif
  HostSide host;
  frames::Start start = start_of("leaks");
  start.memory_bytes = std::uint64_t{64} << 20;
  host.run(start);
  CHECK_FALSE(host.done);
  CHECK(host.exit->signal == SIGABRT);
  CHECK_THAT(host.all_logs(), Contains("std::bad_alloc"));
  CHECK(host.exit->peak_memory_bytes < (std::uint64_t{100} << 20));
}

TEST_CASE("a flood of log lines is thinned, counted, cut and cleaned") {
  HostSide host;
  host.run(start_of("floods_log"));
  REQUIRE(host.done);
  CHECK(host.logs.size() >= 1000);
  CHECK(host.logs.size() < 4000);
  CHECK_THAT(host.logs.back().message, Contains("log lines dropped: more than 1000 in a second"));
  for (const frames::Log& log : host.logs) {
    CHECK(log.message.size() <= 16 << 10);
    CHECK((log.level >= DD_LOG_DEBUG && log.level <= DD_LOG_ERROR));
  }
}

TEST_CASE("threads that stay and streams that are written do no harm") {
  for (const char* name : {"leaves_thread", "prints"}) {
    HostSide host;
    host.run(start_of(name));
    REQUIRE(host.done);
    CHECK(host.done->status == DD_OK);
    CHECK(host.exit->exit_code == 0);
  }
}

TEST_CASE("a process turned upside down can still commit") {
  HostSide host;
  host.run(start_of("disturbs_process"));
  REQUIRE(host.done);
  CHECK(host.done->status == DD_OK);
  CHECK(host.commits.size() == 1);
}

TEST_CASE("signals that the host blocks or ignores are as new in the worker") {
  sigset_t blocked;
  sigset_t before;
  ::sigemptyset(&blocked);
  ::sigaddset(&blocked, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &blocked, &before);
  HostSide host;
  host.run(start_of("tells_signals"));
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  CHECK(host.said("SIGTERM open"));
  CHECK(host.said("SIGTERM default"));
}

TEST_CASE("a plugin that cannot be loaded is Done at load with the loader's words, in both ways") {
  const bool in_process = GENERATE(false, true);
  HostSide host;
  const frames::Start start = start_of("wrong_major");
  in_process ? host.run_in_process(start) : host.run(start);
  REQUIRE(host.done);
  CHECK(host.done->stage == "load");
  CHECK(host.done->status == DD_PERMANENT);
  REQUIRE(host.explain);
  CHECK_THAT(host.explain->message, Contains("plugin ABI 2.0"));
  CHECK_FALSE(host.ready);
}

TEST_CASE("a plugin file that is not the one that was checked is not run") {
  HostSide host;
  frames::Start start = start_of("good");
  start.plugin_file = plugin("aborts");
  host.run(start);
  REQUIRE(host.done);
  CHECK(host.done->stage == "load");
  CHECK_THAT(host.explain->message, Contains("has changed since it was checked"));
}

process::Child start_child(const files::Descriptor& socket) {
  const files::Descriptor nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
  process::Child::Options options;
  options.arguments = {kFolder + "/daydream_contract_child", "--worker", "3"};
  options.descriptors = {{3, socket.get()}, {1, nothing.get()}, {2, nothing.get()}};
  auto child = process::Child::start(options);
  REQUIRE(child);
  return std::move(*child);
}

TEST_CASE("a worker ends when its host goes away: before Start, and in the middle of a step") {
  const bool started = GENERATE(false, true);
  std::array<int, 2> pair{};
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) == 0);
  std::optional<frames::Channel> ours{files::Descriptor(pair[0])};
  process::Child child = start_child(files::Descriptor(pair[1]));
  if (started) {
    REQUIRE(ours->send({static_cast<std::uint16_t>(frames::Type::kStart), 0, start_of("hangs").encode()}));
    bool hanging = false;
    while (!hanging) {
      auto frame = ours->receive(20s);
      REQUIRE(frame);
      REQUIRE(frame->has_value());
      hanging = (*frame)->type == static_cast<std::uint16_t>(frames::Type::kLog);
    }
  }
  ours.reset();
  const auto exit = child.wait(20s);
  REQUIRE(exit);
  CHECK(exit->exit_code == 75);
}

TEST_CASE("a worker that is told nonsense ends with 70 and runs nothing") {
  for (const bool whole : {false, true}) {
    std::array<int, 2> pair{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) == 0);
    frames::Channel ours{files::Descriptor(pair[0])};
    process::Child child = start_child(files::Descriptor(pair[1]));
    const auto type = whole ? frames::Type::kReply : frames::Type::kStart;
    REQUIRE(ours.send({static_cast<std::uint16_t>(type), 0, "nonsense"}));
    const auto exit = child.wait(20s);
    REQUIRE(exit);
    CHECK(exit->exit_code == 70);
  }
}

}  // namespace
}  // namespace daydream::worker_test
