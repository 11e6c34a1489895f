// The shipped pipeline with all six steps.
#include <catch2/catch.hpp>
#include <random>

#include "e2e/reader.hpp"
#include "e2e/results.hpp"
#include "e2e/running.hpp"
#include "service.hpp"

using namespace daydream::e2e;
namespace json = daydream::json;

namespace {

std::vector<std::string> headings(const std::vector<ReadSection>& sections) {
  std::vector<std::string> names;
  names.reserve(sections.size());
  for (const ReadSection& section : sections) names.push_back(section.title);
  return names;
}

}  // namespace

TEST_CASE("all six steps do their work, and the report has its lines in their order") {
  World world;
  service_project(world);
  const Ran ran = world.run();
  INFO(ran.err << report(world));
  REQUIRE(ran.exit_code == 0);
  CHECK(contains(ran.out, "steps completed 6/6"));
  CHECK(headings(read_report(report(world))) ==
        std::vector<std::string>{"Daydream Report - 2026-11-22", "Summary", "Legacy Code Cleanup", "Log Analysis",
                                 "Sentry Review", "Task Management", "Documentation", "Action Required"});
  const std::string text = unescaped(report(world));
  CHECK(contains(text, "- Removed 1 dead code blocks"));
  CHECK(contains(text, "- Analyzed 81 log entries"));
  CHECK(contains(text, "- 1 new errors"));
  CHECK(contains(text, "- 1 recurring issues"));
  CHECK(contains(text, "- Verified 2 links"));
  CHECK(contains(text, "gone.md"));
  CHECK(contains(world.git({"show", "daydream/2026-11-22:TODO.md"}), "write the till"));
  CHECK_FALSE(contains(world.git({"show", "daydream/2026-11-22:shop/cart.py"}), "import os"));
  CHECK(world.git({"status", "--porcelain"}).empty());
}

TEST_CASE("the second night repeats nothing: no line is read twice, no error is new twice") {
  World world;
  service_project(world);
  REQUIRE(world.run().exit_code == 0);
  const Ran second = world.run({"--now", "2026-11-23T02:30:00Z"});
  INFO(second.err);
  REQUIRE(second.exit_code == 0);
  const std::string text = unescaped(report(world, "2026-11-23"));
  INFO(text);
  CHECK(contains(text, "- Analyzed 0 log entries"));
  CHECK(contains(text, "- 0 new errors"));
  CHECK(contains(text, "- 2 recurring issues"));
}

TEST_CASE("killed at random moments the six steps come to what an undisturbed night comes to") {
  World calm;
  service_project(calm);
  const auto begin = std::chrono::steady_clock::now();
  REQUIRE(calm.run().exit_code == 0);
  const auto whole = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin);
  const std::string expected = result_of(calm);
  const unsigned chosen = seed();
  INFO("DAYDREAM_SEED=" << chosen);
  std::mt19937 random(chosen);
  const int rounds = std::getenv("DAYDREAM_LONG") != nullptr ? 60 : 5;
  for (int round = 0; round < rounds; ++round) {
    World world;
    service_project(world);
    for (int kill = 0; kill < 4; ++kill) {
      const auto delay = std::uniform_int_distribution<long>(0, whole.count())(random);
      if (!world.run_and_kill_after(std::chrono::microseconds(delay))) break;
    }
    REQUIRE(world.run_if_due().exit_code == 0);
    const std::string parted = difference(expected, result_of(world));
    INFO("round " << round << "\n" << parted);
    CHECK(parted.empty());
  }
}

TEST_CASE("an archived log comes back by undo, byte for byte, and not over a newer one") {
  World world;
  world.init_git();
  world.write(".gitignore", "logs/\n");
  world.write("a.py", "x = 1\n");
  world.commit("start", "2026-11-01T10:00:00Z");
  world.manifest(R"({"manifest": 1, "steps": [
    {"id": "log_review", "plugin": "log_review", "config": {"archive": {"apply": true, "unlink": true}}},
    {"id": "daily_report", "plugin": "daily_report"}]})");
  const std::string rotated = service_log();
  world.write("logs/app.log", "2026-11-22 01:00:00,000 INFO shop: up\n");
  world.write("logs/app.log.1", rotated);
  const auto evening = std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} + std::chrono::seconds(20 * 3600);
  std::filesystem::last_write_time(world.repository() / "logs/app.log.1", std::chrono::file_clock::from_sys(evening));
  const Ran ran = world.run({"--now", "2026-11-22T03:00:00Z"});
  INFO(ran.err << report(world, "2026-11-22"));
  REQUIRE(ran.exit_code == 0);
  REQUIRE_FALSE(world.has("logs/app.log.1"));

  const std::vector<std::string> undo{"undo", "--manifest", (world.root() / "pipeline.json").string()};
  const Ran undone = world.daydream(undo);
  INFO(undone.out << undone.err);
  CHECK(undone.exit_code == 0);
  CHECK(contains(undone.out, "logs/app.log.1: as it was before"));
  CHECK(world.read("logs/app.log.1") == rotated);
  world.write("logs/app.log.1", "a newer one\n");
  CHECK(contains(world.daydream(undo).out, "logs/app.log.1: nothing to do"));
  CHECK(world.read("logs/app.log.1") == "a newer one\n");
}
