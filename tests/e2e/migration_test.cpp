// A plugin is replaced by its next version while its step is unfinished.
#include <catch2/catch.hpp>

#include "e2e/fixtures.hpp"

using namespace daydream::e2e;
namespace fs = std::filesystem;

namespace {

void install(const World& world, const std::string& version) {
  fs::copy_file(fs::path(E2E_STEPS) / (version + ".so"), world.root() / "installed.so",
                fs::copy_options::overwrite_existing);
}

void counted_project(World& world) {
  world.init_git();
  for (const char* name : {"a.txt", "b.txt", "c.txt", "d.txt"}) world.write(name, "x\n");
  world.commit("start");
  world.manifest(R"({"manifest": 1, "steps": [
    {"id": "grown", "plugin": ")" +
                 (world.root() / "installed.so").string() + R"(", "max_attempts": 1},
    {"id": "daily_report", "plugin": "daily_report"}]})");
}

}  // namespace

TEST_CASE("the next version of a plugin migrates checkpoint and memory of a failed try and goes on there") {
  World world;
  counted_project(world);
  install(world, "grown");
  const Ran first = world.run();
  INFO(first.err);
  REQUIRE(first.exit_code == 75);
  CHECK(contains(first.err, "wants to be newer"));
  install(world, "grown_next");
  const Ran second = world.run();
  INFO(second.err);
  REQUIRE(second.exit_code == 0);
  const std::string text = report(world);
  CHECK(contains(text, "- Counted 4 files"));
  CHECK(contains(text, "- Migrated 1 times"));
  CHECK(contains(text, "- Remembered 2 files"));
}

TEST_CASE("memory of a newer version is never given to an older one") {
  World world;
  counted_project(world);
  install(world, "grown_next");
  REQUIRE(world.run().exit_code == 0);
  install(world, "grown");
  const Ran older = world.run({"--now", "2026-11-23T02:30:00Z"});
  INFO(older.err);
  CHECK(older.exit_code == 75);
  CHECK(contains(older.err, "newer version"));
  install(world, "grown_next");
  const Ran newer = world.run({"--now", "2026-11-23T02:30:00Z"});
  INFO(newer.err);
  CHECK(newer.exit_code == 0);
  CHECK(contains(report(world, "2026-11-23"), "- Remembered 4 files"));
  CHECK(contains(report(world, "2026-11-23"), "- Migrated 0 times"));
}
