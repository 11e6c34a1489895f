// Killed anywhere and started again, a run comes to the result of an undisturbed one.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <random>

#include "daydream/kit/json.hpp"
#include "e2e/fixtures.hpp"
#include "e2e/results.hpp"

using namespace daydream::e2e;
namespace json = daydream::json;

TEST_CASE("SIGKILL of the host at random moments, again and again: the same branch, findings and report") {
  World calm;
  busy_project(calm);
  const auto begin = std::chrono::steady_clock::now();
  REQUIRE(calm.run().exit_code == 0);
  const auto whole = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin);
  const std::string expected = result_of(calm);
  const std::string untouched = calm.users_view();

  const unsigned chosen = seed();
  INFO("DAYDREAM_SEED=" << chosen);
  std::mt19937 random(chosen);
  const char* longer = std::getenv("DAYDREAM_LONG");
  const int worlds = longer != nullptr ? 60 : 6;
  int kills = 0;
  for (int i = 0; i < worlds; ++i) {
    World world;
    busy_project(world);
    for (int kill = 0; kill < 4; ++kill) {
      std::uniform_int_distribution<long> moment(0, whole.count());
      if (!world.run_and_kill_after(std::chrono::microseconds(moment(random)))) break;  // it was quicker
      ++kills;
    }
    const Ran ran = world.run_if_due();
    INFO(ran.err);
    REQUIRE(ran.exit_code == 0);
    const std::string parted = difference(expected, result_of(world));
    INFO(parted);
    CHECK(parted.empty());
    CHECK(difference(untouched, world.users_view()).empty());
  }
  CHECK(kills > 0);
}

TEST_CASE("a worker killed in the middle of a step is started again and nothing is done twice") {
  World world;
  marked_project(world);
  marker_manifest(world, R"({"trouble": "abort", "at": 2, "times": 1})");
  const Ran ran = world.run();
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  const auto parsed = json::Text::parse(report_json(world), {.name = "report"});
  REQUIRE(parsed.ok());
  CHECK(parsed->root()["findings"].Size() == 4);
  CHECK(world.git({"rev-list", "--count", "main..daydream/2026-11-22"}) == "1");
}

TEST_CASE("an unfinished run of yesterday is finished under its own name before today's") {
  World world;
  marked_project(world);
  marker_manifest(world, R"({"trouble": "retry", "at": 3, "times": 3})");
  REQUIRE(world.run({"--now", "2026-11-21T02:30:00Z"}).exit_code == 75);
  marker_manifest(world);
  const Ran ran = world.run();
  INFO(ran.err);
  CHECK(ran.exit_code == 0);
  CHECK(std::filesystem::exists(world.state() / "report_2026-11-21.md"));
  CHECK(std::filesystem::exists(world.state() / "report_2026-11-22.md"));
}

TEST_CASE("a second run of a day has its own name and carries the open night on") {
  World world;
  marked_project(world);
  marker_manifest(world);
  REQUIRE(world.run().exit_code == 0);
  const std::string tip = world.git({"rev-parse", "daydream/2026-11-22"});
  REQUIRE(world.run().exit_code == 0);
  CHECK(std::filesystem::exists(world.state() / "report_2026-11-22_2.md"));
  CHECK(world.git({"for-each-ref", "--format=%(refname)", "refs/heads/daydream/"}) == "refs/heads/daydream/2026-11-22");
  CHECK(world.git({"rev-parse", "daydream/2026-11-22"}) == tip);
}

TEST_CASE("a changed configuration starts an incomplete step anew, completed steps stay") {
  World world;
  marked_project(world);
  marker_manifest(world, R"({"trouble": "retry", "at": 3})", "", R"("max_attempts": 1, )");
  REQUIRE(world.run().exit_code == 75);
  marker_manifest(world, R"({"word": "keep"})");
  const Ran ran = world.run();
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  CHECK(world.git({"show", "daydream/2026-11-22:a.txt"}) == "BAD one");
  CHECK_FALSE(contains(report_json(world), "BAD four"));
}
