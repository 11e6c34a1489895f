// The promise of the ABI, with real libraries: what was built with the headers of any released minor is loaded and
// works, and what is built with those of the next one works as well.
#include <catch2/catch.hpp>

#include "support/world.hpp"

using namespace daydream;
using testing::contains;
using testing::Ran;
using testing::World;
namespace fs = std::filesystem;

namespace {

std::vector<fs::path> released() {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(MINORS)) {
    if (entry.path().extension() == ".so" && entry.path().stem() != "next") found.push_back(entry.path());
  }
  return found;
}

void project(World& world, const fs::path& plugin) {
  world.init_git();
  world.write("a.txt", "first\n");
  world.write("b.txt", "second\n");
  world.commit("start");
  world.manifest(R"({"manifest": 1, "steps": [{"id": "witness", "plugin": ")" + plugin.string() +
                 R"("}, {"id": "daily_report", "plugin": "daily_report"}]})");
}

std::string report(const World& world) {
  return testing::read_file(world.state() / "report_2026-11-22.md");
}

Ran conform(const fs::path& plugin) {
  process::Command command;
  command.arguments = {MINORS_CONFORM, plugin, "--case", MINORS_CASE};
  auto outcome = process::run(command);
  REQUIRE(outcome);
  return {outcome->exit_code, outcome->signal, outcome->output, outcome->error};
}

}  // namespace

TEST_CASE("a step built with the headers of each released minor finds every function as it was promised") {
  REQUIRE_FALSE(released().empty());
  for (const fs::path& plugin : released()) {
    World world;
    SECTION("in the host of today: " + plugin.stem().string()) {}
    SECTION("in the host of the next minor: " + plugin.stem().string()) {
      world.program = MINORS_NEXT_HOST;
      CHECK(contains(world.daydream({"--version"}).out, ".999)"));
    }
    project(world, plugin);
    const Ran ran = world.run();
    INFO(plugin << "\n" << ran.err);
    REQUIRE(ran.exit_code == 0);
    CHECK(contains(report(world), "## Witness\n- 26 calls answered as promised\n"));
    CHECK(contains(report(world), "- 1 lines written"));
    CHECK(world.git({"show", "daydream/2026-11-22:a.txt"}) == "seen\nfirst");
    CHECK(world.git({"show", "daydream/2026-11-22:witness/made.txt"}) == "made");
    CHECK(world.try_git({"cat-file", "-e", "daydream/2026-11-22:b.txt"}).exit_code != 0);
    CHECK(testing::read_file(world.state() / "witness/file.txt") == "kept\n");
    world.environment["DAYDREAM_PLUGIN_PATH"] = plugin.parent_path();
    CHECK(world.daydream({"witness"}).out == "a word\n");
  }
}

TEST_CASE("a step built with the headers of each released minor keeps the rules of today's conformance runner") {
  for (const fs::path& plugin : released()) {
    const Ran ran = conform(plugin);
    INFO(plugin << "\n" << ran.out << ran.err);
    CHECK(ran.exit_code == 0);
  }
}

TEST_CASE("the six steps of today run in the host of the next minor as in today's") {
  std::string reports[2];
  for (const char* program : {MINORS_NEXT_HOST, ""}) {
    World world;
    if (*program != '\0') world.program = program;
    world.init_git();
    world.write("a.py", "import os\nimport sys\nprint(sys.argv)\n");
    world.write("TODO.md", "- [x] done\n- [ ] read [that](gone.md)\n");
    world.commit("start");
    const Ran ran = world.run();
    INFO(ran.err);
    REQUIRE(ran.exit_code == 0);
    const std::string text = report(world);
    reports[*program == '\0' ? 0 : 1] = text.substr(0, text.find("\n## Run"));
    CHECK(world.git({"show", "daydream/2026-11-22:a.py"}) == "import sys\nprint(sys.argv)");
  }
  CHECK(reports[0] == reports[1]);
}

TEST_CASE("a step of a later minor runs, and sees that what is new there is not here") {
  World world;
  project(world, fs::path(MINORS) / "next.so");
  const Ran ran = world.run();
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  CHECK(contains(report(world), "- 0 functions of the later minor are there"));
  CHECK(contains(report(world), "- 2 functions of the first minor are there"));
}
