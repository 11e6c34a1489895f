// ci/nightly.sh: the state comes out of a cache and goes back; jobs are killed, and two run at once.
#include "recipe.hpp"

using namespace daydream::e2e;
namespace fs = std::filesystem;

namespace {

constexpr const char* kVerified =
    R"({"manifest": 1, "verify": {"command": ["test", "-f", "a.txt"]}, "steps": [
      {"id": "marker", "plugin": "marker"}, {"id": "daily_report", "plugin": "daily_report"}]})";

// The team's repository, and checkouts of it that are thrown away.
struct Job {
  World& world;
  fs::path origin = world.root() / "origin.git";

  // `verify` makes it a manifest that would need trust.
  explicit Job(World& w, const std::string& manifest = kVerified) : world(w) {
    world.init_git();
    world.write("a.txt", "keep\nBAD one\n");
    world.write("b.txt", "keep\nBAD two\n");
    world.write(".daydream/pipeline.json", manifest);
    world.commit("start");
    world.git({"init", "-q", "--bare", "-b", "main", origin.string()});
    world.git({"push", "-q", origin.string(), "main"});
  }
  void fresh_checkout(const std::string& name) const {
    world.git({"clone", "-q", origin.string(), (world.root() / name).string()});
    world.set_repository(world.root() / name);
  }
};

}  // namespace

TEST_CASE("ci: what one job remembers the next one knows, though the checkout is new") {
  World world;
  const Job job(world);
  world.environment["DAYDREAM_STATE"] = (world.root() / "cache-of-ci").string();
  world.environment["DAYDREAM_PUSH"] = "origin";
  const Recipe nightly(world, "ci/nightly.sh");
  job.fresh_checkout("first");
  const Ran first = nightly.run({"--now", "2026-11-22T02:30:00Z"});
  INFO(first.out << first.err);
  REQUIRE(first.exit_code == 0);
  CHECK(contains(world.git({"ls-remote", "origin"}), "refs/heads/daydream/2026-11-22"));
  // A human declines the night by deleting its branch.
  world.git({"push", "-q", "origin", "--delete", "daydream/2026-11-22"});
  fs::remove_all(world.root() / "first");
  world.set_repository(world.root() / "repository");
  job.fresh_checkout("second");
  const Ran second = nightly.run({"--now", "2026-11-23T02:30:00Z"});
  INFO(second.out << second.err);
  CHECK(second.exit_code == 0);
  const auto report = daydream::testing::read_file(world.root() / "cache-of-ci/state/report_2026-11-23.md");
  INFO(report);
  CHECK(contains(report, "Removed 0 marked lines"));
  CHECK(contains(second.err, "declined by a human (branch deleted)"));
  CHECK_FALSE(contains(world.git({"ls-remote", "origin"}), "daydream/2026-11-23"));
}

TEST_CASE("ci: a job cancelled or killed in the middle is finished by the next one, from the state that was saved") {
  const bool hard = GENERATE(false, true);  // SIGTERM to the script, or the machine is gone
  World world;
  const Job job(world, R"({"manifest": 1, "steps": [
    {"id": "marker", "plugin": "marker"},
    {"id": "slow", "plugin": "marker", "idle_timeout": "1m", "config": {"trouble": "hang", "at": 1}},
    {"id": "daily_report", "plugin": "daily_report"}]})");
  const fs::path state = world.root() / "cache-of-ci";
  world.environment["DAYDREAM_STATE"] = state.string();
  const Recipe nightly(world, "ci/nightly.sh");
  job.fresh_checkout("first");
  {
    auto child = nightly.start({"--now", "2026-11-22T02:30:00Z"});
    bool hangs = false;
    for (int i = 0; i < 3000 && !hangs; ++i) {
      hangs = contains(daydream::testing::read_file(state / "state/state.json"), "\"current_step\": 2");
      if (!hangs) (void)child.wait(std::chrono::milliseconds(10));
    }
    REQUIRE(hangs);
    if (hard) {
      child.signal_group(SIGKILL);
    } else {
      ::kill(child.pid(), SIGTERM);  // as a runner does it when a job is cancelled
    }
    const auto ended = child.wait(std::chrono::seconds(30));
    REQUIRE(ended);
    if (!hard) CHECK(ended->exit_code == 0);  // 75: to be continued
  }
  fs::remove_all(world.root() / "first");
  world.set_repository(world.root() / "repository");
  world.write(".daydream/pipeline.json", kMarked);
  world.commit("without the slow one");
  world.git({"push", "-q", job.origin.string(), "main"});
  job.fresh_checkout("second");
  const Ran ran = nightly.run({"--now", "2026-11-22T05:00:00Z"});
  INFO(ran.out << ran.err);
  CHECK(ran.exit_code == 0);
  CHECK(contains(ran.out, "run 2026-11-22: completed"));
}

TEST_CASE("ci: of two jobs with one state the second leaves at once, and says so where it is asked to be strict") {
  World world;
  const Job job(world, R"({"manifest": 1, "steps": [
    {"id": "slow", "plugin": "marker", "idle_timeout": "1m", "config": {"trouble": "hang", "at": 1}}]})");
  const fs::path state = world.root() / "cache-of-ci";
  world.environment["DAYDREAM_STATE"] = state.string();
  world.environment["DAYDREAM_STRICT"] = "1";
  const Recipe nightly(world, "ci/nightly.sh");
  job.fresh_checkout("first");
  auto child = nightly.start();
  REQUIRE(appears(state / "state/state.json", child));
  const Ran second = nightly.run();
  INFO(second.err);
  CHECK(second.exit_code == 75);
  CHECK(contains(second.err, "pid"));
  ::kill(child.pid(), SIGTERM);
  const auto ended = child.wait(std::chrono::seconds(30));
  REQUIRE(ended);
  CHECK(ended->exit_code == 75);
}

TEST_CASE("ci: what the pipelines set, the script reads") {
  const std::string script = daydream::testing::read_file(RECIPES "/ci/nightly.sh");
  for (const char* name : {"ci/github.yml", "ci/gitlab.yml"}) {
    const std::string pipeline = daydream::testing::read_file(std::string(RECIPES "/") + name);
    INFO(name);
    CHECK(contains(pipeline, "sh nightly.sh"));
    CHECK(contains(pipeline, ".daydream-state"));
    std::size_t seen = 0;
    for (std::size_t at = pipeline.find("DAYDREAM_"); at != std::string::npos;
         at = pipeline.find("DAYDREAM_", at + 1)) {
      const std::string variable =
          pipeline.substr(at, pipeline.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_", at) - at);
      CHECK(contains(script, variable));
      ++seen;
    }
    CHECK(seen > 0);
  }
}
