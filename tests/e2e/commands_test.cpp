// The commands beside `run`, on what real runs left.
#include <catch2/catch.hpp>
#include <fstream>

#include "e2e/running.hpp"

using namespace daydream::e2e;
namespace json = daydream::json;

namespace {

const char* const kNext = "2026-11-23T02:30:00Z";

json::Text parsed(const std::string& text) {
  INFO(text);
  auto read = json::Text::parse(text, {.name = "output"});
  REQUIRE(read.ok());
  return std::move(*read);
}

std::vector<std::string> with_manifest(const World& world, std::vector<std::string> words) {
  words.insert(words.end(), {"--manifest", (world.root() / "pipeline.json").string()});
  return words;
}

}  // namespace

TEST_CASE("status tells a run that is under way, one that was killed and one that is done") {
  World world;
  marked_project(world);
  CHECK(contains(world.daydream({"status"}).out, "no run yet"));
  marker_manifest(world, R"({"trouble": "hang", "at": 2})");
  {
    Running host = Running::night(world);
    REQUIRE(host.until([&] { return state_member(world, "status") == "running" && host.worker() != 0; }));
    const Ran text = world.daydream({"status"});
    CHECK(text.exit_code == 0);
    CHECK(contains(text.out, "running: process " + std::to_string(host.pid())));
    CHECK(contains(text.out, "marker"));
    const auto view = parsed(world.daydream({"status", "--json"}).out);
    CHECK(json::get_string(view.root(), "run_id") == "2026-11-22");
    CHECK(json::get_int(view.root()["lock"], "pid") == host.pid());
    CHECK(json::get_int(view.root(), "current_step") == 1);
    host.signal(SIGKILL);
    REQUIRE(host.wait(std::chrono::seconds(10)).has_value());
  }
  CHECK(contains(world.daydream({"status"}).out, "not running: the last start was killed"));
  marker_manifest(world);
  REQUIRE(world.run().exit_code == 0);
  const auto view = parsed(world.daydream({"status", "--json"}).out);
  CHECK(json::get_string(view.root(), "status") == "completed");
  CHECK(json::get_bool(view.root()["lock"], "held", true) == false);
  CHECK(json::get_int(view.root(), "current_step") == 3);
  CHECK(json::write(view.root()["completed_steps"]) == "[1,2]");
  CHECK(view.root()["step_started_at"].IsNull());
}

TEST_CASE("report shows the newest, lists all, and one by its date or name") {
  World world;
  marked_project(world);
  marker_manifest(world);
  CHECK(world.daydream({"report"}).exit_code == 65);
  REQUIRE(world.run().exit_code == 0);
  REQUIRE(world.run().exit_code == 0);
  REQUIRE(world.run({"--now", kNext}).exit_code == 0);
  CHECK(world.daydream({"report"}).out == report(world, "2026-11-23"));
  CHECK(world.daydream({"report", "--date", "2026-11-22"}).out == report(world));
  CHECK(world.daydream({"report", "--date", "2026-11-22_2", "--format", "json"}).out ==
        report_json(world, "2026-11-22_2"));
  const Ran listed = world.daydream({"report", "--list"});
  CHECK(listed.out.rfind("2026-11-23  ", 0) == 0);
  CHECK(contains(listed.out, "\n2026-11-22_2  "));
  CHECK(contains(listed.out, "\n2026-11-22  "));
  CHECK(world.daydream({"report", "--date", "2026-11-21"}).exit_code == 65);
  CHECK(world.daydream({"report", "--date", "yesterday"}).exit_code == 64);
}

TEST_CASE("the flag --only and --from are runs of their own and never make a date done") {
  World world;
  marked_project(world);
  marker_manifest(world, "{}", R"("schedule": {"at": "02:30", "zone": "UTC"}, )");
  const Ran only = world.run({"--only", "marker", "--mode", "observe"});
  INFO(only.err);
  REQUIRE(only.exit_code == 0);
  CHECK(contains(only.out, "run 2026-11-22_2: completed"));
  const Ran from = world.run({"--from", "daily_report", "--mode", "observe"});
  INFO(from.err);
  CHECK(from.exit_code == 0);
  CHECK(contains(from.out, "run 2026-11-22_3: completed"));
  const Ran due = world.run({"--if-due", "--mode", "observe"});
  CHECK(contains(due.out, "run 2026-11-22: completed"));
}

TEST_CASE("the flag --fresh gives an unfinished run up and starts anew") {
  World world;
  marked_project(world);
  marker_manifest(world, R"({"trouble": "retry", "at": 3})", "", R"("max_attempts": 1, )");
  REQUIRE(world.run().exit_code == 75);
  marker_manifest(world, "{}", R"("mode": "observe", )");
  const Ran ran = world.run({"--fresh"});
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  const auto view = parsed(world.daydream({"status", "--json"}).out);
  CHECK(json::get_string(view.root(), "status") == "completed");
  CHECK(json::get_string(view.root(), "mode") == "observe");
  const Ran again = world.run({"--if-due", "--now", "2026-11-22T23:00:00Z"});
  CHECK(again.exit_code == 0);
  CHECK(again.out.empty());  // nothing waits any more
}

TEST_CASE("plugins are listed, described and checked") {
  World world;
  marked_project(world);
  marker_manifest(world);
  const Ran list = world.daydream({"plugins", "list"});
  INFO(list.err);
  CHECK(list.exit_code == 0);
  CHECK(contains(list.out, "legacy_cleanup"));
  CHECK(contains(list.out, "daily_report"));
  CHECK(contains(world.daydream({"plugins", "info", "legacy_cleanup"}).out, "daydream.changes/1"));
  const Ran wrong = world.daydream({"plugins", "info", "legacy_clenup"});
  CHECK(wrong.exit_code != 0);
  CHECK(contains(wrong.err, "legacy_cleanup"));
  CHECK(world.daydream({"plugins", "check", "--quick", std::string(E2E_STEPS) + "/marker.so"}).exit_code == 0);
  const Ran other = world.daydream({"plugins", "check", std::string(E2E_STEPS) + "/other_major.so"});
  CHECK(other.exit_code == 65);
  CHECK(contains(other.err + other.out, "daydream_plugin_v2"));
}

TEST_CASE("validate says what a run would refuse, and runs nothing") {
  World world;
  marked_project(world);
  marker_manifest(world);
  CHECK(world.daydream(with_manifest(world, {"validate"})).exit_code == 0);
  CHECK_FALSE(std::filesystem::exists(world.state() / "daydream.db"));
  marker_manifest(world, R"({"wrod": "BAD"})");
  const Ran wrong = world.daydream(with_manifest(world, {"validate"}));
  CHECK(wrong.exit_code == 65);
  CHECK(contains(wrong.err, "pipeline.json:"));
  CHECK(contains(wrong.err, "wrod"));
  CHECK(world.run().exit_code == 65);
}

TEST_CASE("config --explain says where each value comes from") {
  World world;
  marked_project(world);
  daydream::testing::write_file(
      world.root() / "base.json",
      R"({"manifest": 1, "mode": "observe", "steps": [{"id": "daily_report", "plugin": "daily_report"}]})");
  world.manifest("{\"manifest\": 1,\n \"extends\": [\"base.json\"],\n \"base\": \"main\",\n \"steps\": []}");
  const Ran ran = world.daydream(with_manifest(world, {"config", "--explain"}));
  INFO(ran.out << ran.err);
  CHECK(ran.exit_code == 0);
  CHECK(contains(ran.out, "base.json:1"));
  CHECK(contains(ran.out, "pipeline.json:3"));
  CHECK(contains(ran.out, "observe"));
}

TEST_CASE("doctor finds a damaged store, --repair restores its copy, and the next run works") {
  World world;
  marked_project(world);
  marker_manifest(world);
  REQUIRE(world.run().exit_code == 0);
  const Ran healthy = world.daydream(with_manifest(world, {"doctor"}));
  INFO(healthy.out << healthy.err);
  CHECK(healthy.exit_code == 0);
  CHECK(contains(healthy.out, "nothing is damaged"));
  CHECK(contains(world.daydream(with_manifest(world, {"doctor", "--repair"})).out, "nothing needed repair"));
  {
    std::fstream file(world.state() / "daydream.db", std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(100);
    file << std::string(8000, 'x');
  }
  CHECK(world.run({"--now", kNext}).exit_code == 78);
  const Ran damaged = world.daydream(with_manifest(world, {"doctor"}));
  INFO(damaged.out << damaged.err);
  CHECK(damaged.exit_code == 78);
  CHECK(contains(damaged.out, "DAMAGED"));
  CHECK(contains(damaged.out, "--repair"));
  const Ran repaired = world.daydream(with_manifest(world, {"doctor", "--repair"}));
  INFO(repaired.out << repaired.err);
  CHECK(repaired.exit_code == 0);
  CHECK(world.daydream(with_manifest(world, {"doctor"})).exit_code == 0);
  const Ran next = world.run({"--now", kNext});
  INFO(next.err);
  CHECK(next.exit_code == 0);
  CHECK(world.git({"for-each-ref", "--format=%(refname:short)", "refs/heads/daydream/"}) == "daydream/2026-11-23");
}

// Found by looking at what a start costs: it was read, and obeyed, for the hash of a manifest.
TEST_CASE("a machine whose openssl.cnf leaves libcrypto no hash runs its night all the same") {
  World world;
  marked_project(world);
  marker_manifest(world);
  const auto file = world.root() / "openssl.cnf";
  daydream::testing::write_file(file,
                                "openssl_conf = all\n[all]\nproviders = few\n[few]\nbase = on\n[on]\nactivate = 1\n");
  world.environment["OPENSSL_CONF"] = file.string();
  const Ran ran = world.run();
  INFO(ran.err);
  CHECK(ran.exit_code == 0);
}
