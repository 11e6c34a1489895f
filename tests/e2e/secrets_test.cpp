// What a manifest declares as a secret, and what has the shape of one, is nowhere to be found after a run.
#include <catch2/catch.hpp>

#include "e2e/fixtures.hpp"

using namespace daydream::e2e;
namespace fs = std::filesystem;

namespace {

// Of no shape that anybody could know; and its base64, alone and behind "user:".
const std::string kToken = "plum-quartz-violin-harbour-93";
const std::string kFromFile = "seven-lanterns-under-ice-41";
const std::string kShaped =
    "ghp_"
    "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8";
// What base64 of the token has in it wherever it stands: at the start, behind "user:", one byte later.
const std::vector<std::string> kNeedles = {kToken,
                                           kFromFile,
                                           kShaped,
                                           "x1bS1xdWFydHotdmlvbGluLWhhcmJvdXIt",
                                           "bHVtLXF1YXJ0ei12aW9saW4taGFyYm91ci",
                                           "sdW0tcXVhcnR6LXZpb2xpbi1oYXJib3Vy"};

std::string command_output(const std::vector<std::string>& arguments) {
  daydream::process::Command command;
  command.arguments = arguments;
  auto outcome = daydream::process::run(command);
  REQUIRE(outcome.ok());
  INFO(outcome->error);
  REQUIRE(outcome->good());
  return outcome->output;
}

void check_clean(const std::string& where, const std::string& bytes) {
  for (const std::string& needle : kNeedles) {
    INFO(needle << " is in " << where);
    CHECK_FALSE(contains(bytes, needle));
  }
}

// All files below: as they are, unpacked where they are zstd, as SQL where they are databases.
void check_folder(const fs::path& folder, const std::string& but = "") {
  for (const auto& [name, bytes] : World::snapshot(folder)) {
    if (!but.empty() && name.rfind(but, 0) == 0) continue;
    const std::string file = (folder / name).string();
    check_clean(file, bytes);
    if (bytes.rfind("\x28\xB5\x2F\xFD", 0) == 0)
      check_clean(file + " unpacked", command_output({"zstd", "-dcq", file}));
    if (bytes.rfind("SQLite format 3", 0) == 0)
      check_clean(file + " as SQL", command_output({"sqlite3", file, ".dump"}));
  }
}

void check_world(const World& world, const Ran& ran) {
  check_clean("stdout", ran.out);
  check_clean("stderr", ran.err);
  check_folder(world.state());
  for (const auto& entry : fs::directory_iterator(world.root() / "cache/daydream"))
    check_folder(entry.path(), "tree/");  // the private tree holds the source itself
  check_clean("messages of our commits", world.git({"log", "--format=%B%an%ae", "--all", "--not", "main"}));
}

// Tokens in files, in a commit message, in the environment and in a file of their own.
void leaky_project(World& world, const std::string& how, const std::string& more = "", bool prints = true) {
  world.init_git();
  world.write("a.secret", "the key " + kToken + " of old\n");
  world.write("b.secret", "Authorization: Basic dXNlcjpwbHVtLXF1YXJ0ei12aW9saW4taGFyYm91ci05Mw==\n");
  world.write("c.secret", "cGx1bS1xdWFydHotdmlvbGluLWhhcmJvdXItOTM= and " + kShaped + " and " + kFromFile + "\n");
  world.write("d.txt", "keep\nBAD " + kToken + " " + kFromFile + "\n");
  world.write("app.py", "import os\nTOKEN = '" + kToken + "'\nprint(TOKEN)\n");
  world.commit("uses " + kToken);
  const fs::path file = world.root() / "two";
  daydream::testing::write_file(file, kFromFile + "\n");
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
  world.environment["DEPLOY_VALUE"] = kToken;
  world.manifest(R"({"manifest": 1, )" + more + R"(
    "secrets": {"ONE": {"env": "DEPLOY_VALUE", "hosts": ["example.invalid"]},
                "TWO": {"file": ")" +
                 (world.root() / "two").string() + R"(", "hosts": ["example.invalid"]}},
    "steps": [
      {"id": "leaky", "plugin": ")" +
                 std::string(E2E_STEPS) + R"(/leaky.so", "on_failure": "continue",
       "max_attempts": 1, "config": {"how": ")" +
                 how + R"(", "print": )" + (prints ? "true" : "false") + R"(}},
      {"id": "marker", "plugin": ")" +
                 std::string(E2E_STEPS) + R"(/marker.so"},
      {"id": "legacy_cleanup", "plugin": "legacy_cleanup"},
      {"id": "daily_report", "plugin": "daily_report"}]})");
}

}  // namespace

TEST_CASE("a needle of this test would be found") {
  World world;
  leaky_project(world, "ok");
  const std::string file = (world.root() / "packed").string();
  daydream::testing::write_file(file, "x " + kToken);
  command_output({"zstd", "-q", file, "-o", file + ".zst"});
  CHECK(contains(command_output({"zstd", "-dcq", file + ".zst"}), kToken));
  CHECK(contains(world.read("c.secret"), kNeedles[3]));
  CHECK(contains(world.read("b.secret"), kNeedles[4]));
}

TEST_CASE("a declared secret is nowhere after a run, in any mode") {
  for (const char* mode : {"branch", "observe"}) {
    World world;
    leaky_project(world, "ok");
    const Ran ran = world.run({"--mode", mode, "--format", "md"});
    INFO(mode << "\n" << ran.err);
    REQUIRE(ran.exit_code == 0);
    CHECK(contains(report_json(world), "[masked]"));
    check_world(world, ran);
  }
}

TEST_CASE("patches and undo copies hold the source's lines as they are, nothing else names the secret") {
  for (const char* mode : {"patch", "in-place"}) {
    World world;
    leaky_project(world, "ok");
    const Ran ran = world.run({"--mode", mode});
    INFO(mode << "\n" << ran.err);
    REQUIRE(ran.exit_code == 0);
    CHECK(fs::exists(world.state() / "patches/2026-11-22/all.patch") == (std::string(mode) == "patch"));
    for (const char* copies : {"patches", "undo"}) fs::remove_all(world.state() / copies);
    check_world(world, ran);
  }
}

TEST_CASE("nor after a step that failed with the secret in its words") {
  for (const char* how : {"skip", "retry", "throw", "exit"}) {
    World world;
    leaky_project(world, how);
    const Ran ran = world.run();
    INFO(how << "\n" << ran.err);
    CHECK(ran.exit_code == 0);  // on_failure: continue
    check_world(world, ran);
  }
}

TEST_CASE("nor with --in-process") {
  World world;
  leaky_project(world, "retry", "", false);  // what a step prints there goes past the host
  const Ran ran = world.run({"--in-process"});
  INFO(ran.err);
  CHECK(ran.exit_code == 0);
  check_world(world, ran);
}

TEST_CASE("nor when verify prints it") {
  World world;
  leaky_project(world, "ok",
                R"("verify": {"command": ["sh", "-c", "cat d.txt; env; test -s d.txt; grep -q BAD d.txt"]}, )");
  const Ran ran = world.run();
  INFO(ran.err);
  CHECK(ran.exit_code == 0);
  CHECK(contains(report_json(world), "\"rejected\""));
  check_world(world, ran);
}
