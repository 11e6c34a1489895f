// What becomes of edits in each mode, seen from outside.
#include <catch2/catch.hpp>

#include "e2e/fixtures.hpp"

using namespace daydream::e2e;

TEST_CASE("branch mode: safe changes are on the night branch, the user's tree is untouched") {
  World world;
  marked_project(world);
  marker_manifest(world);
  const std::string before = world.users_view();
  const Ran ran = world.run();
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  CHECK(world.users_view() == before);
  CHECK(world.git({"show", "daydream/2026-11-22:a.txt"}) == "keep a\nkeep a2");
  CHECK(world.git({"show", "daydream/2026-11-22:b.txt"}) == "keep b\nMAYBE two\nNOTE three");
  CHECK(world.git({"show", "daydream/2026-11-22:c.txt"}) == "keep c");
  const std::string log = world.git({"log", "-1", "--format=%B", "daydream/2026-11-22"});
  CHECK(contains(log, "Daydream-Run: 2026-11-22"));
  CHECK(contains(log, "Daydream-Step: marker"));
  CHECK(contains(log, "Daydream-Rule: test/bad"));
  CHECK(contains(log, "Daydream-Verified: none"));
  CHECK(contains(report(world), "- Removed 2 marked lines"));
  CHECK(contains(report(world), "- Looked at 3 files"));
}

TEST_CASE("patch mode: the patch applies to the user's tree and gives the same result") {
  World world;
  marked_project(world);
  marker_manifest(world, "{}", R"("mode": "patch", )");
  const std::string before = world.users_view();
  const Ran ran = world.run();
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  CHECK(world.users_view() == before);
  CHECK(world.night_view().empty());
  world.git({"apply", (world.state() / "patches/2026-11-22/all.patch").string()});
  CHECK(world.read("a.txt") == "keep a\nkeep a2\n");
  CHECK(world.read("c.txt") == "keep c\n");
  CHECK(contains(report(world), "would"));
}

TEST_CASE("observe mode: findings, nothing else") {
  World world;
  marked_project(world);
  marker_manifest(world);
  const std::string before = world.users_view();
  REQUIRE(world.run({"--mode", "observe"}).exit_code == 0);
  CHECK(world.users_view() == before);
  CHECK(world.night_view().empty());
  CHECK_FALSE(std::filesystem::exists(world.state() / "patches"));
  CHECK(contains(report_json(world), "test/bad"));
}

TEST_CASE("in-place mode: clean files are changed, files a human is working on are left alone") {
  World world;
  marked_project(world);
  marker_manifest(world);
  world.write("c.txt", "BAD four\nkeep c\nhuman\n");
  const Ran ran = world.run({"--mode", "in-place"});
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  CHECK(world.read("a.txt") == "keep a\nkeep a2\n");
  CHECK(world.read("c.txt") == "BAD four\nkeep c\nhuman\n");
  CHECK(contains(report_json(world), "\"conflict\""));
}

TEST_CASE("without git the default is patch, and the patch fits the folder") {
  World world;
  world.write("a.txt", "keep\nBAD\n");
  marker_manifest(world);
  const Ran ran = world.run({"--repo", world.repository().string()});
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  CHECK(world.read("a.txt") == "keep\nBAD\n");
  CHECK(contains(daydream::testing::read_file(world.state() / "patches/2026-11-22/all.patch"), "-BAD"));
}

TEST_CASE("changes for review become a patch for a person, not commits") {
  World world;
  marked_project(world);
  marker_manifest(world);
  REQUIRE(world.run().exit_code == 0);
  const auto patches = World::snapshot(world.state() / "patches/2026-11-22");
  bool found = false;
  for (const auto& [name, content] : patches)
    found = found || (contains(name, "review") && contains(content, "-MAYBE two"));
  CHECK(found);
  CHECK(contains(report(world), "b.txt:2"));
}
