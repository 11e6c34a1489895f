// Two to eight runs at once, a holder that died, and clocks that jump.
#include <signal.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <memory>

#include "e2e/results.hpp"
#include "e2e/running.hpp"

namespace daydream::damage {
namespace {

namespace fs = std::filesystem;
using e2e::contains;
using e2e::Running;
using testing::Ran;
using testing::World;

std::string marked_result(const World& world) {
  return world.git({"ls-tree", "-r", "daydream/2026-11-22"}) + e2e::steady(e2e::report_json(world)) +
         world.users_view();
}

const std::string& undisturbed() {
  static const std::string result = [] {
    World world;
    e2e::marked_project(world);
    e2e::marker_manifest(world);
    REQUIRE(world.run().exit_code == 0);
    return marked_result(world);
  }();
  return result;
}

// `count` of them at once: one works (it hangs in its step), all others name it and go.
void start_at_once(std::size_t count) {
  World world;
  e2e::marked_project(world);
  e2e::marker_manifest(world, R"({"trouble": "hang", "at": 2})", "", R"("idle_timeout": "60s", )");
  std::vector<std::unique_ptr<Running>> runs;
  for (std::size_t i = 0; i < count; ++i) {
    fs::create_directories(world.root() / std::to_string(i));
    runs.push_back(std::make_unique<Running>(Running::night(world)));
    // Each has its own file for its words: the name is taken anew by the next.
    fs::rename(world.root() / "running.txt", world.root() / std::to_string(i) / "words");
  }
  std::size_t worker = count;
  for (std::size_t waited = 0; waited < 3000 && worker == count; ++waited) {
    std::size_t gone = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (runs[i]->wait(e2e::milliseconds(2)))
        ++gone;
      else
        worker = i;
    }
    if (gone + 1 < count) worker = count;
  }
  REQUIRE(worker < count);
  const std::string pid = std::to_string(runs[worker]->pid());
  for (std::size_t i = 0; i < count; ++i) {
    if (i == worker) continue;
    const auto exit = runs[i]->wait(e2e::milliseconds(0));
    REQUIRE(exit);
    const std::string words = testing::read_file(world.root() / std::to_string(i) / "words");
    INFO(words);
    CHECK(exit->exit_code == 75);
    const bool named = contains(words, "another run is at work: pid " + pid + " on ") && contains(words, " since 20");
    CHECK((named || contains(words, "another run has just begun")));
  }
  REQUIRE(runs[worker]->until([&] { return runs[worker]->worker() != 0; }));
  runs[worker]->signal(SIGKILL);
  REQUIRE(runs[worker]->wait(std::chrono::seconds(10)));
  // A dead holder holds nothing.
  e2e::marker_manifest(world);
  const Ran next = world.run();
  INFO(next.err);
  CHECK(next.exit_code == 0);
  CHECK(marked_result(world) == undisturbed());
}

TEST_CASE("of two runs at once one works, the other names it", "[damage]") {
  start_at_once(2);
}

TEST_CASE("of eight runs at once one works, the others name it", "[damage]") {
  start_at_once(8);
}

TEST_CASE("a lock file that names a process which is gone, or somebody else's, holds nothing", "[damage]") {
  const char* words = GENERATE(R"({"pid": 999999999, "host": "elsewhere", "since": "2026-11-22T02:30:00Z"})",
                               R"({"pid": 1, "host": "here", "since": "x"})", "", "\xff\xfe garbage {{{{");
  World world;
  e2e::marked_project(world);
  e2e::marker_manifest(world);
  testing::write_file(world.state() / "lock", words);
  const Ran ran = world.run();
  INFO(ran.err);
  CHECK(ran.exit_code == 0);
  CHECK(marked_result(world) == undisturbed());
}

// A night that stopped half-way is gone on with by a clock that says something else.
TEST_CASE("a clock that went back or forward between two starts changes no result", "[damage]") {
  const char* later = GENERATE("2026-11-21T02:30:00Z", "2026-11-22T02:29:59Z", "2026-11-23T02:30:00Z",
                               "2027-11-22T02:30:00Z", "2038-01-19T03:14:08Z", "1970-01-02T00:00:00Z");
  World world;
  e2e::marked_project(world);
  e2e::marker_manifest(world, R"({"trouble": "retry", "at": 2, "times": 3})", R"("mode": "patch", )");
  REQUIRE(world.run().exit_code == 75);
  e2e::marker_manifest(world, R"({})", R"("mode": "patch", )");
  const Ran ran = world.run({"--now", later});
  INFO(later << "\n" << ran.err);
  CHECK(ran.exit_code == 0);
  static const std::string expected = [] {
    World calm;
    e2e::marked_project(calm);
    e2e::marker_manifest(calm, R"({})", R"("mode": "patch", )");
    REQUIRE(calm.run().exit_code == 0);
    return e2e::steady(e2e::report_json(calm)) + calm.users_view() +
           testing::read_file(calm.state() / "patches/2026-11-22/all.patch");
  }();
  CHECK(e2e::steady(e2e::report_json(world)) + world.users_view() +
            testing::read_file(world.state() / "patches/2026-11-22/all.patch") ==
        expected);
}

// Night of the change to summer time, the one back, around 2^31 seconds, a leap second and one smeared over a day.
TEST_CASE("at odd hours a night comes to the same", "[damage]") {
  const char* now = GENERATE("2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z", "2026-10-25T00:30:00Z",
                             "2026-10-25T01:30:00Z", "2038-01-19T03:14:07Z", "2038-01-19T03:14:08Z",
                             "2106-02-07T06:28:16Z", "2016-12-31T23:59:59.999994Z", "2017-01-01T00:00:00Z");
  World world;
  e2e::marked_project(world);
  e2e::marker_manifest(world, "{}", R"("schedule": {"at": "02:30", "zone": "Europe/Berlin"}, )");
  const Ran ran = world.run({"--now", now});
  INFO(now << "\n" << ran.err);
  REQUIRE(ran.exit_code == 0);
  const std::string branch = world.git({"for-each-ref", "--format=%(refname)", "refs/heads/daydream/"});
  INFO(branch);
  CHECK(world.git({"ls-tree", "-r", branch}) == undisturbed().substr(0, world.git({"ls-tree", "-r", branch}).size()));
  // A second start at the same moment finds the night done.
  const Ran again = world.run({"--now", now, "--if-due"});
  CHECK(again.exit_code == 0);
  CHECK(world.git({"for-each-ref", "--format=%(refname)", "refs/heads/daydream/"}) == branch);
}

}  // namespace
}  // namespace daydream::damage
