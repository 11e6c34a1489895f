// Signals to worker and host at any moment: what comes out is what an undisturbed run comes to.
#include <catch2/catch.hpp>

#include "e2e/results.hpp"
#include "e2e/running.hpp"

using namespace daydream::e2e;
using std::chrono::microseconds;

namespace {

struct Calm {
  std::string expected, untouched;
  microseconds whole{0};
};

// What the busy project comes to when nobody disturbs it; made once for all tests here.
const Calm& calm() {
  static const Calm result = [] {
    World world;
    busy_project(world);
    const auto begin = std::chrono::steady_clock::now();
    REQUIRE(world.run().exit_code == 0);
    Calm made;
    made.whole = std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now() - begin);
    made.expected = result_of(world);
    made.untouched = world.users_view();
    return made;
  }();
  return result;
}

void check_same(const World& world) {
  const std::string parted = difference(calm().expected, result_of(world));
  INFO(parted);
  CHECK(parted.empty());
  CHECK(difference(calm().untouched, world.users_view()).empty());
}

void finish(const World& world) {
  const Ran ran = world.run_if_due();
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
}

int rounds(int few, int many) {
  return std::getenv("DAYDREAM_LONG") != nullptr ? many : few;
}

}  // namespace

TEST_CASE("SIGKILL of the worker at a random moment of each step: tried again, and nothing is lost or doubled") {
  const unsigned chosen = seed();
  INFO("DAYDREAM_SEED=" << chosen);
  std::mt19937 random(chosen);
  int killed = 0;
  for (int round = 0; round < rounds(2, 20); ++round) {
    for (const char* step : {"1", "2", "3"}) {
      World world;
      busy_project(world);
      Running host = Running::night(world);
      int worker = 0;
      if (!host.until([&] { return state_member(world, "current_step") == step && (worker = host.worker()) != 0; }))
        continue;  // the step was quicker than we look
      (void)host.wait(milliseconds(std::uniform_int_distribution<int>(0, 40)(random)));
      if (host.worker() == worker && kill(worker, SIGKILL) == 0) ++killed;
      const auto exit = host.wait(std::chrono::seconds(60));
      INFO("step " << step << "\n" << host.output());
      REQUIRE(exit.has_value());
      CHECK(exit->exit_code == 0);
      check_same(world);
    }
  }
  CHECK(killed > 0);
}

TEST_CASE("SIGKILL of the host in the middle of recovery, again and again") {
  const unsigned chosen = seed();
  INFO("DAYDREAM_SEED=" << chosen);
  std::mt19937 random(chosen);
  for (int round = 0; round < rounds(3, 40); ++round) {
    World world;
    busy_project(world);
    std::uniform_int_distribution<long> first(calm().whole.count() / 4, calm().whole.count());
    if (!world.run_and_kill_after(microseconds(first(random)))) continue;
    std::uniform_int_distribution<long> soon(0, 50'000);
    for (int kill = 0; kill < 6; ++kill) (void)world.run_and_kill_after(microseconds(soon(random)));
    finish(world);
    check_same(world);
  }
}

TEST_CASE("SIGTERM and SIGINT at random moments: 75 within five seconds, then the same result") {
  const unsigned chosen = seed();
  INFO("DAYDREAM_SEED=" << chosen);
  std::mt19937 random(chosen);
  int stopped = 0;
  for (int round = 0; round < rounds(3, 30); ++round) {
    for (const int number : {SIGTERM, SIGINT}) {
      World world;
      busy_project(world);
      Running host = Running::night(world);
      std::uniform_int_distribution<long> moment(calm().whole.count() / 20, calm().whole.count());
      const auto early = host.wait(std::chrono::duration_cast<milliseconds>(microseconds(moment(random))));
      host.signal(number);
      const auto exit = early ? early : host.wait(std::chrono::seconds(5));
      INFO("signal " << number << "\n" << host.output());
      REQUIRE(exit.has_value());
      if (exit->exit_code == 75) {
        ++stopped;
        CHECK_FALSE(is_completed(world));
      } else if (exit->signal != 0) {
        CHECK_FALSE(std::filesystem::exists(world.state() / "daydream.db"));  // it had not begun
      } else {
        CHECK(exit->exit_code == 0);
      }
      finish(world);
      check_same(world);
    }
  }
  CHECK(stopped > 0);
}

TEST_CASE("a stopped run says in state.json that it was interrupted, and where it goes on") {
  World world;
  marked_project(world);
  marker_manifest(world, R"({"trouble": "hang", "at": 2})");
  Running host = Running::night(world);
  REQUIRE(host.until([&] { return state_member(world, "status") == "running" && host.worker() != 0; }));
  host.signal(SIGTERM);
  const auto exit = host.wait(std::chrono::seconds(5));
  INFO(host.output());
  REQUIRE(exit.has_value());
  CHECK(exit->exit_code == 75);
  CHECK(state_member(world, "status") == "interrupted");
  CHECK(state_member(world, "current_step") == "1");
  CHECK_FALSE(std::filesystem::exists(world.state() / "report_2026-11-22.md"));
}

TEST_CASE("a worker that is stopped by SIGSTOP is taken for hung", "[long]") {
  if (std::getenv("DAYDREAM_LONG") == nullptr) return;  // it takes the heartbeat's time-out
  World world;
  marked_project(world);
  marker_manifest(world, R"({"trouble": "hang", "at": 2})", "", R"("max_attempts": 1, "on_failure": "continue", )");
  Running host = Running::night(world);
  int worker = 0;
  REQUIRE(host.until([&] { return state_member(world, "status") == "running" && (worker = host.worker()) != 0; }));
  kill(worker, SIGSTOP);
  const auto exit = host.wait(std::chrono::seconds(60));
  INFO(host.output());
  REQUIRE(exit.has_value());
  CHECK(exit->exit_code == 0);
  CHECK(contains(report(world), "heartbeat"));
}
