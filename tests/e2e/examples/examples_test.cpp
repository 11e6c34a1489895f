// The examples of plugin-api, as a team would run them.
#include <catch2/catch.hpp>

#include "support/world.hpp"

using namespace daydream::testing;
namespace fs = std::filesystem;

namespace {

const std::string kLongFiles = std::string(E2E_EXAMPLES) + "/long_files.so";
const std::string kGrowth = std::string(E2E_EXAMPLES) + "/growth.so";
const std::string kGrowthOne = std::string(E2E_STEPS) + "/growth_1.so";

std::string lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "x = 1\n";
  return text;
}

std::string step(const std::string& id, const std::string& plugin, const std::string& more = "") {
  return R"({"id": ")" + id + R"(", "plugin": ")" + plugin + "\"" + more + "}";
}

void pipeline(World& world, const std::vector<std::string>& steps, const std::string& more = "") {
  std::string list;
  for (const std::string& each : steps) list.append(list.empty() ? "" : ",\n    ").append(each);
  world.manifest("{\"manifest\": 1, " + more + "\"steps\": [\n    " + list + "]}");
}

const std::string kLimit = R"(, "config": {"lines": 10})";

void project(World& world) {
  world.init_git();
  world.write("a.py", lines(8));
  world.write("b.py", lines(30));
  world.commit("start");
}

std::string report(const World& world, const std::string& date) {
  return read_file(world.state() / ("report_" + date + ".md"));
}

}  // namespace

TEST_CASE("third parties' findings keep their rule and id, and their report section counts them") {
  World world;
  project(world);
  pipeline(world, {step("long_files", kLongFiles, kLimit), step("daily_report", "daily_report")});
  const Ran ran = world.run();
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  const std::string text = report(world, "2026-11-22");
  CHECK(contains(text, "## File Sizes\n- Looked at 2 files\n- Found 1 long files\n"));
  CHECK(contains(text, "b.py:1"));
  CHECK(text.find("## File Sizes") < text.find("## Action Required"));
  const std::string first = read_file(world.state() / "report_2026-11-22.json");
  CHECK(contains(first, "\"rule\":\"acme/long-file\""));
  CHECK(contains(first, "\"action\":\"reported\""));

  world.write("b.py", lines(31));
  world.commit("one more line");
  REQUIRE(world.run({"--now", "2026-11-23T02:30:00Z"}).exit_code == 0);
  const std::string second = read_file(world.state() / "report_2026-11-23.json");
  CHECK(contains(second, "\"since\":\"2026-11-22\""));  // the same finding, a night older
}

TEST_CASE("a step reads what an earlier step put out, and remembers it for the next night") {
  World world;
  project(world);
  pipeline(world,
           {step("long_files", kLongFiles, kLimit), step("growth", kGrowth), step("daily_report", "daily_report")});
  const Ran first = world.run();
  INFO(first.err);
  REQUIRE(first.exit_code == 0);
  CHECK(contains(report(world, "2026-11-22"), "- Compared 0 files with the last night\n- 0 files grow fast\n"));

  world.write("a.py", lines(40));
  world.commit("grown");
  REQUIRE(world.run({"--now", "2026-11-23T02:30:00Z"}).exit_code == 0);
  const std::string text = report(world, "2026-11-23");
  CHECK(contains(text, "- Compared 2 files with the last night\n- 1 files grow fast\n"));
  CHECK(contains(text, "grew from 8 to 40 lines in a night"));
}

TEST_CASE("an output of a step with an id of the team's own choice is found by the option that names it") {
  World world;
  project(world);
  pipeline(world, {step("sizes", kLongFiles), step("growth", kGrowth, R"(, "config": {"sizes_of": "sizes"})"),
                   step("daily_report", "daily_report")});
  const Ran ran = world.run();
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  CHECK(contains(report(world, "2026-11-22"), "- Compared 0 files"));
}

TEST_CASE("memory of the first version of a step is rewritten for the second, and no night is lost") {
  World world;
  project(world);
  const std::vector<std::string> around = {step("long_files", kLongFiles), step("daily_report", "daily_report")};
  pipeline(world, {around[0], step("growth", kGrowthOne), around[1]});
  const Ran first = world.run();
  INFO(first.err);
  REQUIRE(first.exit_code == 0);

  world.write("a.py", lines(40));
  world.commit("grown");
  pipeline(world, {around[0], step("growth", kGrowth), around[1]});
  const Ran second = world.run({"--now", "2026-11-23T02:30:00Z"});
  INFO(second.err);
  REQUIRE(second.exit_code == 0);
  CHECK(contains(report(world, "2026-11-23"), "grew from 8 to 40 lines in a night"));

  pipeline(world, {around[0], step("growth", kGrowthOne), around[1]});
  const Ran back = world.run({"--now", "2026-11-24T02:30:00Z"});
  CHECK(back.exit_code == 75);
  CHECK(contains(back.err,
                 "its memory was written by a newer version of this plugin (memory schema 2, this one knows 1)"));
}

TEST_CASE("a command of a third party's step works where a trusted manifest names the step") {
  World world;
  project(world);
  world.write(".daydream/pipeline.json", R"({"manifest": 1, "steps": [)" + step("long_files", kLongFiles) + "]}");
  CHECK(world.daydream({"long-files", "a.py"}).exit_code == 64);  // nobody has trusted it yet
  REQUIRE(world.daydream({"trust"}).exit_code == 0);
  const Ran counted = world.daydream({"long-files", "a.py", "b.py"});
  INFO(counted.err);
  CHECK(counted.exit_code == 0);
  CHECK(counted.out == "8\ta.py\n30\tb.py\n");
  const Ran nothing = world.daydream({"long-files"});
  CHECK(nothing.exit_code == 64);
  CHECK(contains(nothing.err, "daydream long-files FILE..."));
  CHECK(world.daydream({"long-files", "../outside"}).exit_code == 64);
}

TEST_CASE("the examples survive a kill at any moment with the result of an undisturbed night") {
  World calm;
  project(calm);
  const std::vector<std::string> steps = {step("long_files", kLongFiles, R"(, "config": {"lines": 10, "batch": 1})"),
                                          step("growth", kGrowth), step("daily_report", "daily_report")};
  pipeline(calm, steps);
  REQUIRE(calm.run().exit_code == 0);

  World world;
  project(world);
  pipeline(world, steps);
  int killed = 0;
  for (int try_number = 1; try_number <= 8; ++try_number) {
    if (!world.run_and_kill_after(std::chrono::milliseconds(30 * try_number))) break;
    ++killed;
  }
  CHECK(killed > 0);
  REQUIRE(world.run_if_due().exit_code == 0);
  const auto sections = [](const World& of) {
    const std::string text = report(of, "2026-11-22");
    return text.substr(text.find("## File Sizes"));
  };
  CHECK(sections(world) == sections(calm));
}
