// Plugins that misbehave, each between two good steps in the real program: the run goes on or stops as the manifest
// says, the report names the step and the cause, nothing else is affected.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>

#include "cases.hpp"
#include "e2e/results.hpp"
#include "e2e/running.hpp"

namespace daydream::survival {
namespace {

namespace fs = std::filesystem;
using e2e::contains;
using testing::World;

constexpr std::uintmax_t kMostState = std::uintmax_t{64} << 20;

std::string step(const std::string& id, const std::string& file, const std::string& more) {
  return R"({"id": ")" + id + R"(", )" + more + R"("plugin": ")" + file + R"("}, )";
}

// before (removes BAD lines), the plugin, after (proposes nothing new: it sees what "before" left), the report.
void write_manifest(World& world, const Case* bad, const char* on_failure) {
  const std::string marker = std::string(E2E_STEPS) + "/marker.so";
  std::string steps = step("before", marker, "");
  if (bad != nullptr) {
    const std::string more = R"("max_attempts": 1, "on_failure": ")" + std::string(on_failure) + R"(", )" + bad->more;
    steps += step("bad", std::string(BAD_PLUGINS) + "/" + bad->plugin + ".so", more);
  }
  steps += step("after", marker, R"("config": {"word": "NOTE"}, )");
  world.manifest(R"({"manifest": 1, "steps": [)" + steps + R"({"id": "daily_report", "plugin": "daily_report"}]})");
}

void make_project(World& world) {
  e2e::marked_project(world);
  fs::create_directory_symlink("..", world.repository() / "link");
  world.commit("a link that leads out");
}

// What the two good steps come to: the tree of the night branch, findings, and all of the user's.
std::string others(const World& world) {
  std::string view = world.git({"ls-tree", "-r", "refs/heads/daydream/2026-11-22"}) + world.users_view();
  const std::string text = e2e::report_json(world);
  const auto report = json::Text::parse(text, {.name = "report", .positions = false});
  REQUIRE(report.ok());
  if (const json::Value* findings = json::find(report->root(), "findings")) {
    for (const auto& finding : findings->GetArray()) {
      if (json::get_string(finding, "step") != "bad")
        view += json::get_string(finding, "id") + json::get_string(finding, "action") + "\n";
    }
  }
  return view;
}

const std::string& undisturbed() {
  static const std::string view = [] {
    World world;
    make_project(world);
    write_manifest(world, nullptr, "");
    const auto ran = world.run();
    INFO(ran.err);
    REQUIRE(ran.exit_code == 0);
    return others(world);
  }();
  return view;
}

// Processes that live in the world (their environment names it), but for zombies: "" or their command lines.
std::string processes_of(const World& world) {
  std::string found;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    if (entry.path().filename().string().find_first_not_of("0123456789") != std::string::npos) continue;
    if (contains(testing::read_file(entry.path() / "environ"), world.root().string() + "/"))
      found += entry.path().filename().string() + " " + testing::read_file(entry.path() / "cmdline") + "\n";
  }
  return found;
}

std::uintmax_t size_of(const fs::path& folder) {
  std::uintmax_t size = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    size += entry.is_regular_file() ? entry.file_size() : 0;
  return size;
}

std::string line_with(const std::string& text, const std::string& words) {
  const auto at = text.find(words);
  if (words.empty() || at == std::string::npos) return "";
  const auto from = text.rfind('\n', at) == std::string::npos ? 0 : text.rfind('\n', at) + 1;
  return text.substr(from, text.find('\n', at) - from).substr(0, 150);
}

void row(const Case& one, int exit_code, const std::string& status, const std::string& words) {
  std::printf("%-20s | %3d | %-9s | %s\n", one.plugin.c_str(), exit_code, status.c_str(), words.c_str());
  std::fflush(stdout);
}

std::string status_of_bad(const World& world) {
  const auto state = json::Text::parse(testing::read_file(world.state() / "state.json"), {.name = "state"});
  const json::Value* steps = state ? json::find(state->root(), "steps") : nullptr;
  if (steps == nullptr) return "not run";
  for (const auto& entry : steps->GetArray()) {
    if (json::get_string(entry, "id") == "bad") return json::get_string(entry, "status");
  }
  return "none";
}

struct Trial {
  explicit Trial(const Case& of) : one(of) {
    make_project(world);
    if (one.plugin == "not_elf") testing::write_file(std::string(BAD_PLUGINS) + "/not_elf.so", "#!/bin/sh\nexit 0\n");
    write_manifest(world, &one, "continue");
    before = world.users_view();
    running = std::make_unique<e2e::Running>(e2e::Running::night(world));
  }
  const Case& one;
  World world;
  std::string before;
  std::unique_ptr<e2e::Running> running;
};

void judge_refused(const Trial& trial, int exit_code) {
  const std::string output = trial.running->output();
  row(trial.one, exit_code, "refused", line_with(output, trial.one.words));
  INFO(output);
  CHECK(exit_code == 65);
  CHECK(contains(output, trial.one.words));
  CHECK(contains(output, trial.one.plugin + ".so"));
  CHECK_FALSE(fs::exists(trial.world.state() / "report_2026-11-22.md"));
}

void judge_run(const Trial& trial, int exit_code) {
  const World& world = trial.world;
  const std::string report = e2e::report(world);
  const std::string status = status_of_bad(world);
  row(trial.one, exit_code, status, line_with(report, trial.one.words));
  INFO(trial.running->output() << "\n" << report);
  CHECK(exit_code == 0);
  if (trial.one.ending == Ending::kEither)
    CHECK((status == "failed" || status == "completed"));
  else
    CHECK(status == (trial.one.ending == Ending::kFails ? "failed" : "completed"));
  CHECK(contains(report, trial.one.words));
  if (trial.one.ending == Ending::kFails) CHECK(contains(report, "bad"));
  CHECK(others(world) == undisturbed());
  CHECK(size_of(world.state()) < kMostState);
  CHECK_FALSE(
      contains(world.daydream({"doctor", "--manifest", (world.root() / "pipeline.json").string()}).out, "DAMAGED"));
}

void judge(Trial& trial) {
  INFO(trial.one.plugin);
  const auto exit = trial.running->wait(std::chrono::minutes(12));
  REQUIRE(exit);
  CHECK(exit->signal == 0);
  if (trial.one.ending == Ending::kRefused)
    judge_refused(trial, exit->exit_code);
  else
    judge_run(trial, exit->exit_code);
  CHECK(trial.world.users_view() == trial.before);
  CHECK(processes_of(trial.world).empty());
  CHECK_FALSE(fs::exists(trial.world.root() / "outside.txt"));
  CHECK_FALSE(fs::exists("/tmp/outside.txt"));
}

// `at_once` of them side by side.
void try_all(const std::vector<Case>& cases, std::size_t at_once) {
  if (access("/dev/shm", W_OK) == 0) setenv("TMPDIR", "/dev/shm", 0);
  std::printf("%-20s | %-3s | %-9s | %s\n", "plugin", "end", "its step", "said");
  (void)undisturbed();
  for (std::size_t first = 0; first < cases.size(); first += at_once) {
    std::vector<std::unique_ptr<Trial>> trials;
    for (std::size_t i = first; i < std::min(cases.size(), first + at_once); ++i)
      trials.push_back(std::make_unique<Trial>(cases[i]));
    for (const auto& trial : trials) judge(*trial);
  }
}

TEST_CASE("plugins that cannot be used are refused before any step runs") {
  try_all(refused_cases(), 3);
}

TEST_CASE("plugins that end their process end their step alone") {
  try_all(crashing_cases(), 3);
}

TEST_CASE("plugins that say what they may not, or too much, are heard as far as it is right") {
  try_all(speaking_cases(), 3);
}

TEST_CASE("plugins that reach for what is not theirs get nothing, and leave nothing behind") {
  try_all(reaching_cases(), 3);
}

TEST_CASE("plugins that do not end are ended") {
  try_all(waiting_cases(), 6);
}

TEST_CASE("where the manifest says stop, the run stops at the plugin and goes on without it") {
  for (const char* plugin : {"segfaults", "exits_at_once", "garbage_frames"}) {
    World world;
    make_project(world);
    const Case one{plugin, Ending::kFails, "", ""};
    write_manifest(world, &one, "stop");
    const auto stopped = world.run();
    INFO(plugin << "\n" << stopped.err);
    CHECK(stopped.exit_code == 75);
    CHECK(contains(stopped.err, "bad failed: "));
    CHECK(status_of_bad(world) == "failed");
    write_manifest(world, nullptr, "");
    const auto again = world.run();
    INFO(again.err);
    CHECK(again.exit_code == 0);
    CHECK(others(world) == undisturbed());
  }
}

}  // namespace
}  // namespace daydream::survival
