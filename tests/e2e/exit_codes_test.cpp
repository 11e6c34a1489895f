// Every exit code of DESIGN section 1, provoked.
#include <catch2/catch.hpp>

#include "e2e/fixtures.hpp"

using namespace daydream::e2e;

TEST_CASE("0 though there are findings, 1 when --fail-on is met") {
  World world;
  marked_project(world);
  marker_manifest(world);
  CHECK(world.run({"--fail-on", "error", "--mode", "observe"}).exit_code == 0);
  CHECK(world.run({"--fail-on", "warning", "--mode", "observe"}).exit_code == 1);
}

TEST_CASE("64 for wrong words, with the nearest right one") {
  World world;
  marked_project(world);
  CHECK(world.daydream({"rum"}).exit_code == 64);
  CHECK(contains(world.daydream({"rum"}).err, "run"));
  CHECK(world.run({"--no-such-flag"}).exit_code == 64);
  marker_manifest(world);
  const Ran ran = world.run({"--only", "markr"});
  CHECK(ran.exit_code == 64);
  CHECK(contains(ran.err, "did you mean \"marker\""));
}

TEST_CASE("75 when a step fails, and the next start goes on with it") {
  World world;
  marked_project(world);
  marker_manifest(world, R"({"trouble": "retry", "at": 3, "times": 3})");
  const Ran failed = world.run();
  INFO(failed.err);
  CHECK(failed.exit_code == 75);
  CHECK(contains(failed.err, "try again later"));
  CHECK(contains(daydream::testing::read_file(world.state() / "state.json"), "\"failed\""));
  const Ran again = world.run();
  INFO(again.err);
  CHECK(again.exit_code == 0);
  CHECK(world.git({"show", "daydream/2026-11-22:c.txt"}) == "keep c");
}

TEST_CASE("a failed try is repeated in the same run from its last commit") {
  World world;
  marked_project(world);
  marker_manifest(world, R"({"trouble": "abort", "at": 2, "times": 2})");
  const Ran ran = world.run();
  INFO(ran.err);
  CHECK(ran.exit_code == 0);
  CHECK(contains(report(world), "- Removed 2 marked lines"));
}

TEST_CASE("on_failure continue: the run completes and Action Required names the step") {
  World world;
  marked_project(world);
  marker_manifest(world, R"({"trouble": "permanent"})", "", R"("on_failure": "continue", )");
  const Ran ran = world.run();
  INFO(ran.err);
  CHECK(ran.exit_code == 0);
  const std::string text = report(world);
  CHECK(contains(text, "will never work"));
  CHECK(contains(text.substr(text.find("## Action Required")), "marker"));
}

TEST_CASE("78 from the second start on in which all attempts crashed, lifted by a changed configuration") {
  World world;
  marked_project(world);
  marker_manifest(world, R"({"trouble": "abort"})");
  CHECK(world.run().exit_code == 75);
  const Ran second = world.run();
  INFO(second.err);
  CHECK(second.exit_code == 78);
  CHECK(contains(report(world), "quarantine"));
  CHECK(world.run().exit_code == 78);
  marker_manifest(world, R"({"trouble": "none"})");
  CHECK(world.run().exit_code == 0);
}

TEST_CASE("a step that hangs is stopped by its idle_timeout and named") {
  World world;
  marked_project(world);
  marker_manifest(world, R"({"trouble": "hang"})", "",
                  R"("idle_timeout": "1s", "max_attempts": 1, "on_failure": "continue", )");
  const Ran ran = world.run();
  INFO(ran.err);
  CHECK(ran.exit_code == 0);
  CHECK(contains(report(world), "no progress"));
}

TEST_CASE("75 when the budget is used up, the next start finishes") {
  World world;
  marked_project(world);
  marker_manifest(world);
  const Ran ran = world.run({"--budget", "1ms"});
  INFO(ran.err);
  CHECK(ran.exit_code == 75);
  CHECK(world.run().exit_code == 0);
}

TEST_CASE("a skipped step is no failure and says why") {
  World world;
  marked_project(world);
  marker_manifest(world, R"({"trouble": "skip"})");
  CHECK(world.run().exit_code == 0);
  CHECK(contains(report(world), "nothing is configured"));
  CHECK(contains(report(world), "skipped: marker"));
}
