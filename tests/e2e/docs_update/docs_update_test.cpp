// Documentation through the real program: what git proves is edited on the night branch, and counted.
#include <catch2/catch.hpp>

#include "support/world.hpp"

using daydream::testing::contains;
using daydream::testing::Ran;
using daydream::testing::read_file;
using daydream::testing::World;

namespace {

void manifest(World& world) {
  world.manifest(R"({"manifest": 1, "steps": [{"id": "docs_update", "plugin": "docs_update"},
                                              {"id": "daily_report", "plugin": "daily_report"}]})");
}

std::string of_branch(const World& world, const std::string& path) {
  const Ran shown = world.try_git({"show", "daydream/2026-11-22:" + path});
  return shown.exit_code == 0 ? shown.out : "(absent)";
}

}  // namespace

TEST_CASE("links to a renamed page are corrected on the night branch, and pages are counted, not edits") {
  World world;
  world.init_git();
  world.write("README.md", "[a](docs/guide.md) and [b](docs/guide.md#use)\n\n[none](docs/none.md)\n");
  world.write("docs/guide.md", "# Guide\n\n## Use\n\nWords that stay as they are, so that git sees a rename.\n");
  world.commit("start");
  world.git({"mv", "docs/guide.md", "docs/manual.md"});
  world.commit("moved");
  manifest(world);
  const std::string before = world.users_view();
  const Ran ran = world.run({"--now", "2026-11-22T02:30:00Z"});
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  CHECK(of_branch(world, "README.md") == "[a](docs/manual.md) and [b](docs/manual.md#use)\n\n[none](docs/none.md)\n");
  const std::string report = read_file(world.state() / "report_2026-11-22.md");
  INFO(report);
  CHECK(contains(report, "- Updated 1 files"));
  CHECK(contains(report, "- Verified 3 links"));
  CHECK(world.users_view() == before);
}

TEST_CASE("a repository without documentation is skipped, with the reason") {
  World world;
  world.init_git();
  world.write("src/a.py", "x = 1\n");
  world.commit("start");
  manifest(world);
  REQUIRE(world.run({"--now", "2026-11-22T02:30:00Z"}).exit_code == 0);
  CHECK(contains(read_file(world.state() / "report_2026-11-22.md"), "there is no documentation in the repository"));
}
