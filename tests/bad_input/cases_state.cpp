#include "bad_input/cases.hpp"

#include <sys/mount.h>
#include <unistd.h>

#include <csignal>

#include <filesystem>

#include "daydream/kit/process.hpp"

namespace daydream::bad_input {

namespace {

namespace fs = std::filesystem;

// Root may write everywhere, so the program runs as nobody where it can.
bool can_drop() {
  return geteuid() == 0 && process::find_program("setpriv").ok();
}

Ran as_nobody(World& world, const std::vector<std::string>& arguments) {
  process::Command command;
  command.arguments = {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", testing::daydream_program()};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  command.directory = "/";
  command.environment = world.environment;
  auto outcome = process::run(command);
  REQUIRE(outcome.ok());
  return {outcome->exit_code, outcome->signal, outcome->output, outcome->error};
}

Ran read_only_state(World& world) {
  e2e::marked_project(world);
  const fs::path state = world.root() / "state";
  fs::create_directories(state);
  fs::create_directories(world.root() / "cache");
  fs::permissions(world.root(), fs::perms::owner_all | fs::perms::others_read | fs::perms::others_exec);
  fs::permissions(state,
                  fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read | fs::perms::others_exec);
  chown(world.repository().c_str(), 65534, 65534);
  for (const auto& entry : fs::recursive_directory_iterator(world.repository()))
    lchown(entry.path().c_str(), 65534, 65534);
  chown((world.root() / "cache").c_str(), 65534, 65534);
  return as_nobody(world, {"run", "--repo", world.repository().string(), "--state-dir", state.string()});
}

// A small tmpfs for the state directory; the disk is full in the middle of the run.
Ran full_disk(World& world) {
  e2e::marked_project(world);
  const fs::path state = world.root() / "small";
  fs::create_directories(state);
  if (mount("tmpfs", state.c_str(), "tmpfs", 0, "size=64k") != 0) return {-1, 0, "", "cannot mount a tmpfs"};
  e2e::marker_manifest(world);
  Ran ran = run_untouched(world, {"--state-dir", state.string()});
  // With room again, the next start finishes.
  mount("tmpfs", state.c_str(), "tmpfs", MS_REMOUNT, "size=64m");
  const Ran again = run_untouched(world, {"--state-dir", state.string()});
  umount2(state.c_str(), MNT_DETACH);
  if (again.exit_code != 0) ran.exit_code = -1;
  ran.err += again.err;
  return ran;
}

// Another run is at work: a real one, in a step that hangs.
Ran locked(World& world) {
  e2e::marked_project(world);
  e2e::marker_manifest(world, R"({"trouble": "hang"})", "", R"("idle_timeout": "60s", )");
  process::Child::Options options;
  options.arguments = {testing::daydream_program(), "run", "--manifest", (world.root() / "pipeline.json").string()};
  options.directory = world.repository().string();
  options.environment = world.environment;
  auto child = process::Child::start(options);
  REQUIRE(child.ok());
  for (int i = 0; i < 200 && !e2e::contains(testing::read_file(world.state() / "state.json"), "running"); ++i)
    (void)child->wait(std::chrono::milliseconds(50));
  Ran ran = run_untouched(world);
  kill(child->pid(), SIGKILL);
  (void)child->wait(std::chrono::seconds(5));
  return ran;
}

Ran yesterday(World& world) {
  e2e::marked_project(world);
  e2e::marker_manifest(world, R"({"trouble": "retry", "at": 2, "times": 3})");
  world.run({"--now", "2026-11-21T02:30:00Z"});
  e2e::marker_manifest(world);
  Ran ran = run_untouched(world);
  if (!fs::exists(world.state() / "report_2026-11-21.md")) ran.exit_code = -1;
  return ran;
}

Ran second_of_a_day(World& world) {
  e2e::marked_project(world);
  e2e::marker_manifest(world);
  world.run();
  Ran ran = run_untouched(world);
  if (!fs::exists(world.state() / "report_2026-11-22_2.md")) ran.exit_code = -1;
  return ran;
}

Ran store_cut_short(World& world) {
  e2e::marked_project(world);
  e2e::marker_manifest(world);
  world.run();
  fs::resize_file(world.state() / "daydream.db", 5000);
  fs::remove(world.state() / "daydream.db-wal");
  return run_untouched(world);
}

Ran store_missing(World& world) {
  e2e::marked_project(world);
  e2e::marker_manifest(world);
  world.run();
  fs::remove(world.state() / "daydream.db");
  fs::remove(world.state() / "daydream.db-wal");
  return run_untouched(world);
}

}  // namespace

std::vector<Case> state_cases() {
  const bool root = geteuid() == 0;
  return {
      {"state directory read-only", 78, "must be writable", read_only_state, !can_drop(), "needs root and setpriv"},
      {"full disk", 75, "", full_disk, !root, "needs root to mount a tmpfs"},
      {"lock held", 75, "pid ", locked, false, ""},
      {"unfinished run of yesterday", 0, "", yesterday, false, ""},
      {"second run of a day", 0, "", second_of_a_day, false, ""},
      {"store cut short", 78, "daydream doctor --repair", store_cut_short, false, ""},
      {"store missing", 78, "daydream doctor --repair", store_missing, false, ""},
  };
}

}  // namespace daydream::bad_input
