// fleet/nightly-all.sh: many repositories, one summary of what did not run, whatever became of each.
#include <csignal>

#include "recipe.hpp"

using namespace daydream::e2e;
namespace fs = std::filesystem;

namespace {

class Fleet {
 public:
  explicit Fleet(World& world) : world_(world) {
    world.environment["DAYDREAM_ROOT"] = states().string();
    world.environment["DAYDREAM_JOBS"] = "2";
  }
  [[nodiscard]] fs::path states() const { return world_.root() / "states"; }
  [[nodiscard]] std::string list() const { return (world_.root() / "repositories").string(); }
  [[nodiscard]] std::string path(const std::string& name) const { return (world_.root() / "src" / name).string(); }

  void add(const std::string& name, const std::string& manifest = kMarked, const std::string& text = "keep\n") {
    world_.set_repository(path(name));
    fs::create_directories(path(name));
    world_.init_git();
    world_.write("a.txt", text);
    world_.write(".daydream/pipeline.json", manifest);
    world_.commit("start");
    listed_ += path(name) + "\n";
  }
  void listed(const std::string& line) { listed_ += line + "\n"; }
  void write_list() { daydream::testing::write_file(list(), listed_); }
  // The state directory of one of them.
  [[nodiscard]] fs::path state(const std::string& name) const {
    for (const auto& entry : fs::directory_iterator(states())) {
      if (entry.path().filename().string().starts_with(name + "-")) return entry.path() / "state";
    }
    return {};
  }

 private:
  World& world_;
  std::string listed_;
};

std::string with_trouble(const std::string& kind) {
  return R"({"manifest": 1, "defaults": {"max_attempts": 1}, "steps": [{"id": "marker", "plugin": "marker", "config": {"trouble": ")" +
         kind + R"("}}, {"id": "daily_report", "plugin": "daily_report"}]})";
}

}  // namespace

TEST_CASE("fleet: fourteen repositories, what did not run is told, the gravest first") {
  World world;
  Fleet fleet(world);
  for (int i = 1; i <= 6; ++i) fleet.add("fine" + std::to_string(i));
  fleet.add("with blank and 'quote'");
  fleet.add("found", kMarked, "keep\nBAD one\n");
  fleet.add("stopped", with_trouble("permanent"));
  fleet.add("typo", R"({"manifest": 1, "stesp": []})");
  fleet.add(
      "untrusted",
      R"({"manifest": 1, "verify": {"command": ["true"]}, "steps": [{"id": "daily_report", "plugin": "daily_report"}]})");
  fleet.add("damaged");
  fleet.listed("");
  fleet.listed("# old ones");
  fleet.listed(fleet.path("gone"));
  fs::create_directories(fleet.path("a/fine1"));
  fleet.add("a/fine1");  // the same name in another place
  fleet.write_list();
  const Recipe nightly(world, "fleet/nightly-all.sh");

  Ran ran = nightly.run({fleet.list(), "--now", "2026-11-22T02:30:00Z", "--fail-on", "warning"});
  INFO(ran.out << ran.err);
  CHECK(ran.exit_code == 65);
  CHECK(contains(ran.out, "65  refused: manifest, plugin, configuration or repository:\n"));
  CHECK(contains(ran.out, fleet.path("typo") + "  "));
  CHECK(contains(ran.out, "did you mean \"steps\"?"));
  CHECK(contains(ran.out, fleet.path("untrusted") + "  "));
  CHECK(contains(ran.out, fleet.path("gone") + "  no such folder"));
  CHECK(contains(ran.out, "75  not finished; the next call goes on:\n      " + fleet.path("stopped") + "  "));
  CHECK(contains(ran.out, "1  completed, and --fail-on was met:\n      " + fleet.path("found")));
  CHECK_FALSE(contains(ran.out, fleet.path("fine1") + "  "));
  CHECK(ran.out.ends_with("10 of 14 repositories completed\n"));
  CHECK(ran.out.find("65  ") < ran.out.find("75  "));

  daydream::testing::write_file(fleet.state("damaged") / "daydream.db", "not a store");
  fs::remove_all(fleet.state("damaged") / "daydream.db-wal");
  daydream::testing::write_file(fleet.list(), fleet.path("fine3") + "\n" + fleet.path("damaged") + "\n");
  ran = nightly.run({fleet.list(), "--now", "2026-11-23T02:30:00Z"});
  INFO(ran.out << ran.err);
  CHECK(ran.exit_code == 78);
  CHECK(ran.out.starts_with("78  a human is needed:\n      " + fleet.path("damaged") + "  "));
  CHECK(fs::exists(fleet.state("fine3") / "report_2026-11-23.md"));
}

TEST_CASE("fleet: all is well, and the list comes from stdin or is empty") {
  World world;
  Fleet fleet(world);
  fleet.add("one");
  fleet.add("two");
  fleet.write_list();
  const Recipe nightly(world, "fleet/nightly-all.sh");
  const Ran ran = nightly.run({fleet.list(), "--now", "2026-11-22T02:30:00Z"});
  INFO(ran.out << ran.err);
  CHECK(ran.exit_code == 0);
  CHECK(ran.out == "2 of 2 repositories completed\n");
  CHECK(nightly.run({"-"}).out == "0 of 0 repositories completed\n");
  CHECK(nightly.run().exit_code == 64);
  const Ran unread = nightly.run({"/nowhere/list"});
  CHECK(unread.exit_code == 64);
  CHECK(contains(unread.err, "/nowhere/list: cannot be read"));
}

TEST_CASE("fleet: stopped by a signal it stops the runs and says what was not begun") {
  World world;
  Fleet fleet(world);
  for (const char* name : {"a", "b", "c", "d"}) {
    fleet.add(name, R"({"manifest": 1, "steps": [{"id": "marker", "plugin": "marker", "idle_timeout": "1m",
                        "config": {"trouble": "hang"}}]})");
  }
  fleet.write_list();
  world.environment["DAYDREAM_JOBS"] = "1";
  const Recipe nightly(world, "fleet/nightly-all.sh");
  auto child = nightly.start({fleet.list()});
  bool hangs = false;
  for (int i = 0; i < 3000 && !hangs; ++i) {
    const auto state = fs::exists(fleet.states()) ? fleet.state("a") : fs::path();
    hangs = !state.empty() && contains(daydream::testing::read_file(state / "state.json"), "\"running\"");
    if (!hangs) (void)child.wait(std::chrono::milliseconds(10));
  }
  REQUIRE(hangs);
  ::kill(child.pid(), SIGTERM);
  const auto ended = child.wait(std::chrono::seconds(30));
  REQUIRE(ended);
  CHECK(ended->exit_code == 75);
  CHECK(contains(daydream::testing::read_file(fleet.state("a") / "state.json"), "\"interrupted\""));
  CHECK(fleet.state("d").empty());
}
