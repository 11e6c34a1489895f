// The team's tests decide what is kept: which edits are dropped, what that costs, and what a kill in the middle loses.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "daydream/kit/json.hpp"
#include "e2e/fixtures.hpp"
#include "e2e/results.hpp"

using namespace daydream::e2e;
using daydream::testing::read_file;
using daydream::testing::write_file;

namespace {

constexpr int kEdits = 40;
constexpr const char* kBad[] = {"f04.txt", "f17.txt", "f38.txt"};

std::string name_of(int number) {
  return (number < 10 ? "f0" : "f") + std::to_string(number) + ".txt";
}

// 40 files with one line to remove each; of three of them the team's tests need it.
void seeded_project(World& world) {
  world.init_git();
  for (int i = 0; i < kEdits; ++i) {
    std::string content = "keep ";
    content.append(name_of(i)).append("\nBAD ").append(name_of(i)).append("\nend\n");
    world.write(name_of(i), content);
  }
  world.commit("start");
}

// A test command that notes each of its runs in `runs`, then does `first`, then needs the three lines.
void tests_of_the_team(World& world, const std::string& first = "") {
  std::string script = "echo x >> '" + (world.root() / "runs").string() + "'\n" + first + "\nfailed=0\n";
  for (const char* name : kBad) {
    script.append("grep -q BAD ").append(name).append(" || { echo 'FAILED test_").append(name);
    script.append(" '; failed=1; }\n");
  }
  write_file(world.root() / "tests.sh", script + "exit $failed\n");
  marker_manifest(
      world, "{}",
      R"("verify": {"command": ["sh", ")" + (world.root() / "tests.sh").string() + R"("], "timeout": "20s"}, )");
}

std::size_t runs_of(const World& world) {
  return read_file(world.root() / "runs").size() / 2;
}

std::map<std::string, std::string> actions(const World& world, const std::string& id = "2026-11-22") {
  const std::string text = report_json(world, id);
  auto parsed = daydream::json::Text::parse(text, {.name = "report", .positions = false});
  REQUIRE(parsed.ok());
  std::map<std::string, std::string> all;
  for (const auto& finding : daydream::json::find(parsed->root(), "findings")->GetArray())
    all[daydream::json::get_string(finding, "path")] = daydream::json::get_string(finding, "action");
  return all;
}

void check_exactly_three_dropped(const World& world, const std::string& id = "2026-11-22") {
  const auto all = actions(world, id);
  CHECK(all.size() == kEdits);
  for (const auto& [path, action] : all) {
    INFO(path);
    const bool bad = std::find(std::begin(kBad), std::end(kBad), path) != std::end(kBad);
    CHECK(action == (bad ? "rejected" : "applied"));
    const std::string kept = world.git({"show", "daydream/" + id + ":" + path});
    CHECK(contains(kept, "BAD") == bad);
  }
}

// The first try of all, the tree without any, and a bisection for each bad edit; the baseline comes before.
std::size_t most_runs() {
  return 1 + std::size(kBad) * static_cast<std::size_t>(2 * std::log2(kEdits) + 2);
}

}  // namespace

TEST_CASE("of 40 edits exactly the three that break a test are dropped, in few runs, and are remembered") {
  World world;
  seeded_project(world);
  tests_of_the_team(world);
  const Ran first = world.run();
  INFO(first.err);
  REQUIRE(first.exit_code == 0);
  check_exactly_three_dropped(world);
  CHECK(runs_of(world) <= most_runs());
  CHECK(contains(report_json(world), "FAILED test_f"));
  CHECK(contains(world.git({"log", "-1", "--format=%B", "daydream/2026-11-22"}), "Daydream-Verified: sh "));

  // The next night knows them by their content: nothing is tried that was refused.
  const auto before = runs_of(world);
  REQUIRE(world.run({"--now", "2026-11-23T02:30:00Z"}).exit_code == 0);
  CHECK(runs_of(world) == before);
  for (const char* name : kBad) CHECK(actions(world, "2026-11-23")[name] == "rejected");
  // A changed line is another matter.
  world.write(kBad[0], "keep\nBAD but another line\nend\n");
  world.commit("a human's", "2026-11-23T10:00:00Z");
  REQUIRE(world.run({"--now", "2026-11-24T02:30:00Z"}).exit_code == 0);
  CHECK(runs_of(world) > before);
}

TEST_CASE("killed between two verifications the bisection goes on where it was") {
  World world;
  seeded_project(world);
  const std::string runs = "$(wc -l < '" + (world.root() / "runs").string() + "')";
  tests_of_the_team(world, "case " + runs + " in 4|9|10|15) kill -9 $PPID; sleep 5;; esac");
  int starts = 1;
  while (starts < 8 && world.run().exit_code != 0) ++starts;
  CHECK(starts == 5);
  check_exactly_three_dropped(world);
  CHECK(runs_of(world) <= most_runs() + 4);  // the runs that were under way are made again, no others
}

TEST_CASE("tests that are red before any change: nothing is applied, and the failing tail is said") {
  World world;
  seeded_project(world);
  tests_of_the_team(world, "echo 'FAILED test_of_their_own - 3 != 4'; exit 1");
  REQUIRE(world.run().exit_code == 0);
  CHECK(world.night_view().empty());
  CHECK(actions(world)["f00.txt"] == "proposed");
  CHECK(contains(report(world), "verify was red before any change"));
  CHECK(contains(report(world), "test_of_their_own - 3 != 4"));
  // The cause may lie outside of source and command: the next night looks again.
  tests_of_the_team(world);
  REQUIRE(world.run({"--now", "2026-11-23T02:30:00Z"}).exit_code == 0);
  check_exactly_three_dropped(world, "2026-11-23");
}

TEST_CASE("tests that are red by chance are noticed, and no good edit is dropped for it") {
  World world;
  seeded_project(world);
  // Every third run is red whatever the tree holds.
  const std::string runs = "$(wc -l < '" + (world.root() / "runs").string() + "')";
  tests_of_the_team(world, "test $((" + runs + " % 3)) -ne 1 || { echo 'FAILED test_by_chance'; exit 1; }");
  const Ran ran = world.run();
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  CHECK(contains(report(world), "verify is flaky"));
  check_exactly_three_dropped(world);
}

TEST_CASE("tests that never end are stopped with all they have started, and count as red") {
  World world;
  seeded_project(world);
  const auto left = world.root() / "left";
  write_file(world.root() / "tests.sh", "(sleep 3; echo x > '" + left.string() + "') & sleep 60\n");
  marker_manifest(
      world, "{}",
      R"("verify": {"command": ["sh", ")" + (world.root() / "tests.sh").string() + R"("], "timeout": "1s"}, )");
  REQUIRE(world.run().exit_code == 0);
  CHECK(world.night_view().empty());
  CHECK(contains(report(world), "timed out"));
  CHECK_FALSE(std::filesystem::exists(left));
}

TEST_CASE("an editable install in a linked folder that leads back to the user's tree is noticed") {
  World world;
  seeded_project(world);
  const std::string site = ".venv/lib/python3.11/site-packages/";
  world.write(".gitignore", ".venv/\n");
  world.commit("ignore");
  world.write(site + "__editable__.shop-1.0.pth", (world.repository() / "src").string() + "\n");
  world.write(site + "elsewhere.pth", "/usr/lib/elsewhere\n");
  marker_manifest(world, "{}", R"("workspace": {"link": [".venv"]}, "verify": {"command": ["true"]}, )");
  REQUIRE(world.run().exit_code == 0);
  CHECK(contains(report_json(world), "__editable__.shop-1.0.pth leads back to the work tree"));
  CHECK_FALSE(contains(report(world), "elsewhere.pth"));
}
