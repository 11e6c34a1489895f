// Nights by the schedule: --if-due for cron and timers, and the long-lived serve.
#include <sys/socket.h>
#include <sys/un.h>

#include <catch2/catch.hpp>
#include <cstring>

#include "e2e/running.hpp"

using namespace daydream::e2e;

namespace {

const char* const kSchedule = R"("schedule": {"at": "02:30", "zone": "UTC"}, )";

std::string runs(const World& world) {
  std::string names;
  for (const auto& [name, content] : World::snapshot(world.state())) {
    if (name.rfind("report_", 0) == 0 && contains(name, ".md")) names += name.substr(7, name.size() - 10) + " ";
  }
  return names;
}

// What systemd would be: a datagram socket.
class Listener {
 public:
  explicit Listener(World& world) : path_((world.root() / "notify").string()) {
    socket_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    REQUIRE(path_.size() < sizeof address.sun_path);
    std::memcpy(address.sun_path, path_.c_str(), path_.size() + 1);
    REQUIRE(bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    world.environment["NOTIFY_SOCKET"] = path_;
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener() { close(socket_); }
  // Everything said so far.
  const std::string& heard() {
    char buffer[4096];
    for (ssize_t got = 0; (got = recv(socket_, buffer, sizeof buffer, MSG_DONTWAIT)) > 0;)
      heard_ += std::string(buffer, static_cast<std::size_t>(got)) + "\n";
    return heard_;
  }

 private:
  std::string path_, heard_;
  int socket_ = -1;
};

std::vector<std::string> serve(const World& world) {
  return {"serve", "--manifest", (world.root() / "pipeline.json").string()};
}

}  // namespace

TEST_CASE("the flag --if-due runs a date once, before its time, and again on it, nothing happens") {
  World world;
  marked_project(world);
  marker_manifest(world, "{}", kSchedule);
  REQUIRE(world.run({"--if-due", "--now", "2026-11-22T02:30:00Z"}).exit_code == 0);
  CHECK(runs(world) == "2026-11-22 ");
  const std::string first = report_json(world);
  for (const char* again : {"2026-11-22T02:31:00Z", "2026-11-22T23:59:59Z", "2026-11-23T02:29:59Z"}) {
    const Ran ran = world.run({"--if-due", "--now", again});
    INFO(ran.err);
    CHECK(ran.exit_code == 0);
    CHECK(ran.out.empty());
  }
  CHECK(runs(world) == "2026-11-22 ");
  CHECK(report_json(world) == first);
  CHECK(world.run({"--if-due", "--now", "2026-11-23T02:30:00Z"}).exit_code == 0);
  CHECK(runs(world) == "2026-11-22 2026-11-23 ");
}

TEST_CASE("of missed nights the latest is caught up, once, under its own date") {
  World world;
  marked_project(world);
  marker_manifest(world, "{}", kSchedule);
  REQUIRE(world.run({"--if-due", "--now", "2026-11-22T02:30:00Z"}).exit_code == 0);
  CHECK(world.run({"--if-due", "--now", "2026-11-25T01:00:00Z"}).exit_code == 0);
  CHECK(runs(world) == "2026-11-22 2026-11-24 ");
  CHECK(world.run({"--if-due", "--now", "2026-11-25T02:00:00Z"}).exit_code == 0);
  CHECK(runs(world) == "2026-11-22 2026-11-24 ");
  CHECK(world.run({"--if-due", "--now", "2026-11-25T02:30:00Z"}).exit_code == 0);
  CHECK(runs(world) == "2026-11-22 2026-11-24 2026-11-25 ");
}

TEST_CASE("a run that ended with 75 is due again at the next wake-up, under its own name") {
  World world;
  marked_project(world);
  marker_manifest(world, R"({"trouble": "retry", "at": 3, "times": 1})", kSchedule, R"("max_attempts": 1, )");
  REQUIRE(world.run({"--if-due", "--now", "2026-11-22T02:30:00Z"}).exit_code == 75);
  const Ran again = world.run({"--if-due", "--now", "2026-11-22T02:45:00Z"});
  INFO(again.err);
  CHECK(again.exit_code == 0);
  CHECK(runs(world) == "2026-11-22 ");
  CHECK(state_member(world, "run_id") == "2026-11-22");
  CHECK(is_completed(world));
  CHECK(world.run({"--if-due", "--now", "2026-11-22T03:00:00Z"}).out.empty());
}

TEST_CASE("serve tells READY and the next night, and stops at SIGTERM") {
  World world;
  marked_project(world);
  marker_manifest(world, "{}", kSchedule);
  REQUIRE(world.daydream({"run", "--manifest", (world.root() / "pipeline.json").string()}).exit_code == 0);
  Listener systemd(world);
  Running host(world, serve(world));
  const bool asleep = host.until([&] { return contains(systemd.heard(), "STATUS=next night"); });
  INFO(host.output() << systemd.heard());
  REQUIRE(asleep);
  CHECK(contains(systemd.heard(), "READY=1"));
  host.signal(SIGTERM);
  const auto exit = host.wait(std::chrono::seconds(5));
  REQUIRE(exit.has_value());
  CHECK(exit->exit_code == 0);
  CHECK(contains(systemd.heard(), "STOPPING=1"));
}

TEST_CASE("serve runs a night that is due at once, stopped in its middle the run is resumable") {
  World world;
  marked_project(world);
  marker_manifest(world, R"({"trouble": "hang", "at": 2, "times": 1})", kSchedule);
  Listener systemd(world);
  Running host(world, serve(world));
  const bool running = host.until([&] { return state_member(world, "status") == "running" && host.worker() != 0; });
  INFO(host.output() << systemd.heard());
  REQUIRE(running);
  CHECK(contains(systemd.heard(), "STATUS=running the night of"));
  host.signal(SIGTERM);
  const auto exit = host.wait(std::chrono::seconds(5));
  REQUIRE(exit.has_value());
  CHECK(exit->exit_code == 75);
  const std::string run = state_member(world, "run_id");
  CHECK(state_member(world, "status") == "interrupted");
  const Ran again = world.daydream({"run", "--if-due", "--manifest", (world.root() / "pipeline.json").string()});
  INFO(again.err);
  CHECK(again.exit_code == 0);
  CHECK(contains(again.out, "run " + run + ": completed"));
  CHECK(contains(runs(world), run));
}
