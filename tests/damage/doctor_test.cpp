// `daydream doctor`: every kind of trouble is found, explained in these words, and mended.
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "daydream/kit/process.hpp"
#include "e2e/results.hpp"
#include "e2e/running.hpp"

namespace daydream::e2e {
namespace {

namespace fs = std::filesystem;
constexpr const char* kNext = "2026-11-23T02:30:00Z";

Ran doctor(const World& world, std::vector<std::string> more = {}) {
  more.insert(more.begin(), {"doctor", "--manifest", (world.root() / "pipeline.json").string()});
  return world.daydream(more);
}

// A night that was there, and its doctor who finds nothing to mend.
void healthy_night(World& world) {
  marked_project(world);
  marker_manifest(world);
  REQUIRE(world.run().exit_code == 0);
  const Ran calm = doctor(world, {"--repair"});
  INFO(calm.out << calm.err);
  REQUIRE(calm.exit_code == 0);
  REQUIRE(calm.out == "nothing needed repair\n");
}

fs::path work_directory(const World& world) {
  for (const auto& entry : fs::directory_iterator(world.root() / "cache/daydream")) return entry.path();
  FAIL("no work directory");
  return {};
}

void make_older(const fs::path& file) {
  fs::last_write_time(file, fs::last_write_time(file) - std::chrono::hours(1));
}

// doctor says `found`; --repair says `mended`; then nothing is left to say, and the next night is right.
void check_mended(const World& world, const std::string& found, const std::string& mended, int exit_code = 0) {
  const Ran seen = doctor(world);
  INFO(seen.out << seen.err);
  CHECK(seen.exit_code == exit_code);
  CHECK(contains(seen.out, found));
  CHECK(contains(seen.out, "daydream doctor --repair"));
  const Ran repaired = doctor(world, {"--repair"});
  INFO(repaired.out << repaired.err);
  CHECK(repaired.exit_code == 0);
  CHECK(contains(repaired.out, mended));
  const Ran again = doctor(world);
  INFO(again.out);
  CHECK(again.exit_code == 0);
  CHECK_FALSE(contains(again.out, found));
  CHECK(doctor(world, {"--repair"}).out == "nothing needed repair\n");
  const Ran next = world.run({"--now", kNext});
  INFO(next.err);
  CHECK(next.exit_code == 0);
}

TEST_CASE("doctor: unfinished files of a killed run") {
  World world;
  healthy_night(world);
  testing::write_file(world.state() / ".report_2026-11-22.json.daydream-aB3dE6", "half");
  check_mended(world, "1 unfinished files of a run that was killed, the first is ", "removed 1 unfinished files");
}

TEST_CASE("doctor: what a repair that was stopped has left") {
  World world;
  healthy_night(world);
  testing::write_file(world.state() / "daydream.db.restored", "half");
  check_mended(world, "daydream.db.restored was left by a repair or a copy that did not come to its end",
               "removed " + (world.state() / "daydream.db.restored").string());
}

TEST_CASE("doctor: a state.json that is none") {
  World world;
  healthy_night(world);
  testing::write_file(world.state() / "state.json", "{\"run_id\": ");
  check_mended(world, "state.json is not what a run wrote: ", "state.json; the next run writes it anew");
}

TEST_CASE("doctor: a git lock of a ref of ours") {
  World world;
  healthy_night(world);
  const fs::path lock = world.repository() / ".git/refs/heads/daydream/2026-11-22.lock";
  testing::write_file(lock, "");
  make_older(lock);
  check_mended(world, lock.string() + " was left by a git that was killed", "removed " + lock.string());
}

TEST_CASE("doctor: a git lock in the private tree") {
  World world;
  healthy_night(world);
  fs::path lock;
  for (const auto& entry : fs::directory_iterator(world.repository() / ".git/worktrees"))
    lock = entry.path() / "index.lock";
  testing::write_file(lock, "");
  make_older(lock);
  check_mended(world, lock.string() + " was left by a git that was killed", "removed " + lock.string());
}

TEST_CASE("doctor: a lock of a human's own git is none of ours") {
  World world;
  healthy_night(world);
  const fs::path lock = world.repository() / ".git/index.lock";
  testing::write_file(lock, "");
  make_older(lock);
  CHECK(doctor(world, {"--repair"}).out == "nothing needed repair\n");
  CHECK(fs::exists(lock));
}

TEST_CASE("doctor: a private tree that is broken, and one that is gone") {
  World world;
  healthy_night(world);
  const fs::path tree = work_directory(world) / "tree";
  SECTION("broken") {
    testing::write_file(tree / ".git", "gitdir: /nowhere\n");
    check_mended(world, "private tree " + tree.string() + ": ", "removed the private tree " + tree.string());
  }
  SECTION("gone") {
    fs::remove_all(tree);
    check_mended(world, "the repository lists the private tree " + tree.string() + ", which is gone",
                 "removed the entry ");
  }
}

TEST_CASE("doctor: a night branch whose file a power cut has emptied") {
  World world;
  healthy_night(world);
  const std::string tip = world.git({"rev-parse", "refs/heads/daydream/2026-11-22"});
  const fs::path file = world.repository() / ".git/refs/heads/daydream/2026-11-22";
  REQUIRE(fs::exists(file));
  SECTION("emptied") {
    testing::write_file(file, "");
  }
  SECTION("of zeros") {
    testing::write_file(file, std::string(41, '\0'));
  }
  SECTION("of a commit that is not there") {
    testing::write_file(file, std::string(40, '1') + "\n");
  }
  const Ran seen = doctor(world);
  INFO(seen.out);
  CHECK(seen.exit_code == 65);
  CHECK(contains(seen.out, "the night branch daydream/2026-11-22 is broken: its file holds "));
  const Ran repaired = doctor(world, {"--repair"});
  INFO(repaired.out << repaired.err);
  CHECK(contains(repaired.out,
                 "set refs/heads/daydream/2026-11-22 to " + tip.substr(0, 12) + " again, as the store remembers it"));
  CHECK(world.git({"rev-parse", "refs/heads/daydream/2026-11-22"}) == tip);
  CHECK(world.run({"--now", kNext}).exit_code == 0);
}

TEST_CASE("doctor: a lock that is a folder") {
  World world;
  healthy_night(world);
  fs::remove(world.state() / "lock");
  fs::create_directories(world.state() / "lock");
  check_mended(world, (world.state() / "lock").string() + " is no plain file: no run can take it",
               "moved " + (world.state() / "lock").string() + " to ", 65);
}

TEST_CASE("doctor: a file that this user may not use") {
  if (geteuid() != 0 || !process::find_program("setpriv").ok()) {
    WARN("needs root and setpriv");
    return;
  }
  World world;
  marked_project(world);
  marker_manifest(world);
  fs::permissions(world.root(), fs::perms::owner_all | fs::perms::others_read | fs::perms::others_exec);
  REQUIRE(world.run().exit_code == 0);
  for (const auto& entry : fs::recursive_directory_iterator(world.root())) lchown(entry.path().c_str(), 65534, 65534);
  const fs::path database = world.state() / "daydream.db";
  const auto as_nobody = [&world](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
                                         testing::daydream_program(), "doctor", "--repo", world.repository().string(),
                                         "--manifest", (world.root() / "pipeline.json").string()});
    process::Command command;
    command.arguments = arguments;
    command.directory = "/";
    command.environment = world.environment;
    auto outcome = process::run(command);
    REQUIRE(outcome.ok());
    return outcome->output + outcome->error;
  };
  SECTION("its own, without the right to") {
    fs::permissions(database, fs::perms::none);
    CHECK(
        contains(as_nobody({}), database.string() + ": Permission denied (owner 65534, mode 000, this user is 65534)"));
    CHECK(contains(as_nobody({"--repair"}), "let this user use " + database.string()));
    CHECK(contains(as_nobody({}), "store: nothing is damaged"));
  }
  SECTION("root's, since a run was once started by root") {
    REQUIRE(lchown(database.c_str(), 0, 0) == 0);
    fs::permissions(database, fs::perms::owner_all);
    const std::string said = as_nobody({"--repair"});
    INFO(said);
    CHECK(contains(said, database.string() + ": Permission denied (owner 0, mode 700, this user is 65534)"));
    CHECK(contains(said, "as root: chown -R 65534 " + world.state().string()));
  }
}

TEST_CASE("doctor: a run that is under way is named, and nothing is mended under its hands") {
  World world;
  marked_project(world);
  marker_manifest(world, R"({"trouble": "hang"})", "", R"("idle_timeout": "60s", )");
  Running run = Running::night(world);
  REQUIRE(run.until([&] { return run.worker() != 0; }));
  const Ran seen = doctor(world);
  INFO(seen.out);
  CHECK(contains(seen.out, "a run is under way: process " + std::to_string(run.pid()) + " on "));
  const Ran refused = doctor(world, {"--repair"});
  INFO(refused.err);
  CHECK(refused.exit_code == 75);
  CHECK(contains(refused.err, "another run is at work: pid " + std::to_string(run.pid()) + " on "));
  run.signal(SIGKILL);
  (void)run.wait(std::chrono::seconds(10));
}

}  // namespace
}  // namespace daydream::e2e
