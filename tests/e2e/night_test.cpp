// Several nights: carried, merged, declined.
#include <catch2/catch.hpp>

#include "daydream/kit/json.hpp"
#include "e2e/fixtures.hpp"

using namespace daydream::e2e;

namespace {
const char* const kNext = "2026-11-23T02:30:00Z";
std::string branches(const World& world) {
  return world.git({"for-each-ref", "--format=%(refname:short)", "refs/heads/daydream/"});
}
}  // namespace

TEST_CASE("an unmerged night is carried into the next one, there is one open branch") {
  World world;
  marked_project(world);
  marker_manifest(world);
  REQUIRE(world.run().exit_code == 0);
  world.write("d.txt", "BAD five\nkeep d\n");
  world.commit("more", "2026-11-22T12:00:00Z");
  const Ran ran = world.run({"--now", kNext});
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  CHECK(branches(world) == "daydream/2026-11-23");
  CHECK(world.git({"show", "daydream/2026-11-23:a.txt"}) == "keep a\nkeep a2");
  CHECK(world.git({"show", "daydream/2026-11-23:d.txt"}) == "keep d");
  CHECK(world.git({"rev-list", "--count", "main..daydream/2026-11-23"}) == "2");
}

TEST_CASE("a merged night leaves nothing behind") {
  World world;
  marked_project(world);
  marker_manifest(world);
  REQUIRE(world.run().exit_code == 0);
  world.git({"merge", "-q", "--ff-only", "daydream/2026-11-22"});
  REQUIRE(world.run({"--now", kNext}).exit_code == 0);
  CHECK(branches(world).empty());
  CHECK_FALSE(contains(report(world, "2026-11-23"), "- Removed 2"));
}

TEST_CASE("a squash-merged night leaves nothing behind") {
  World world;
  marked_project(world);
  marker_manifest(world);
  REQUIRE(world.run().exit_code == 0);
  world.git({"merge", "-q", "--squash", "daydream/2026-11-22"});
  world.commit("squashed", "2026-11-22T12:00:00Z");
  REQUIRE(world.run({"--now", kNext}).exit_code == 0);
  CHECK(branches(world).empty());
}

TEST_CASE("deleting the night branch declines its changes for good") {
  World world;
  marked_project(world);
  marker_manifest(world);
  REQUIRE(world.run().exit_code == 0);
  world.git({"branch", "-q", "-D", "daydream/2026-11-22"});
  const Ran ran = world.run({"--now", kNext});
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  CHECK(branches(world).empty());
  CHECK(contains(report_json(world, "2026-11-23"), "\"declined\""));
}

TEST_CASE("a finding keeps its id and the run it was first seen in") {
  World world;
  marked_project(world);
  marker_manifest(world);
  REQUIRE(world.run({"--mode", "observe"}).exit_code == 0);
  world.write("a.txt", "new first line\nkeep a\nBAD one\nkeep a2\n");
  world.commit("moved down", "2026-11-22T12:00:00Z");
  REQUIRE(world.run({"--mode", "observe", "--now", kNext}).exit_code == 0);
  const auto first = daydream::json::Text::parse(report_json(world), {.name = "first"});
  const auto second = daydream::json::Text::parse(report_json(world, "2026-11-23"), {.name = "second"});
  REQUIRE(first.ok());
  REQUIRE(second.ok());
  auto id_of = [](const daydream::json::Value& report) {
    for (const auto& finding : report["findings"].GetArray()) {
      if (daydream::json::get_string(finding, "context") == "BAD one")
        return daydream::json::get_string(finding, "id") + " since " + daydream::json::get_string(finding, "since");
    }
    return std::string("none");
  };
  CHECK(id_of(first->root()) == id_of(second->root()));
  CHECK(contains(id_of(second->root()), "since 2026-11-22"));
}
