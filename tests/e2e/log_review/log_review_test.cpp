// Logs through the real program: commands on any file, and nights with their report.
#include <algorithm>
#include <catch2/catch.hpp>

#include "support/world.hpp"

using namespace daydream::testing;

namespace {

const char* const kPipeline = R"({"manifest": 1, "mode": "branch", "steps": [
  {"id": "log_review", "plugin": "log_review"}, {"id": "daily_report", "plugin": "daily_report"}]})";

// Two patterns, one of them an error.
std::string some_log(const std::string& day, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += day + " 01:10:" + std::to_string(10 + i % 50) + ",123 INFO [main] app.web: request " + std::to_string(i) +
            " served\n";
  }
  return text + day + " 01:11:00,001 ERROR [pool-1] app.db: could not connect to database main after " +
         std::to_string(count) + " tries\n" + day +
         " 01:12:00,001 ERROR [pool-1] app.db: could not connect to database main after 3 tries\n";
}

std::string report_of(const World& world, const std::string& date) {
  return read_file(world.state() / ("report_" + date + ".md"));
}

}  // namespace

TEST_CASE("logs patterns reads any file that is named, in a repository or not") {
  World world;
  const auto file = world.root() / "elsewhere" / "app.log";
  write_file(file, some_log("2026-11-22", 20));
  const Ran outside = world.daydream({"logs", "patterns", file.string()});
  INFO(outside.err);
  CHECK(outside.exit_code == 0);
  CHECK(contains(outside.out, "22 lines, 22 records, 2 patterns"));
  CHECK(contains(outside.out, "20  info      request <*> served"));
  world.init_git();
  world.write("logs/app.log", some_log("2026-11-22", 5));
  const Ran inside = world.daydream({"logs", "patterns", "--json", "logs/app.log", file.string()});
  CHECK(inside.exit_code == 0);
  CHECK(contains(inside.out, "\"count\":25"));
  const Ran none = world.daydream({"logs", "patterns", "logs/nothing.log"});
  CHECK(none.exit_code != 0);
  CHECK(contains(none.err, "logs/nothing.log"));
  CHECK(world.daydream({"logs", "patterns"}).exit_code == 64);
  CHECK(world.daydream({"logs", "shred", "x"}).exit_code == 64);
}

TEST_CASE("logs detect tells format and compression, assignments tell the pattern of every line") {
  World world;
  world.init_git();
  world.write("a.log", "{\"level\":\"info\",\"time\":\"2026-11-22T01:10:00Z\",\"msg\":\"up\"}\n");
  const Ran detected = world.daydream({"logs", "detect", "a.log"});
  CHECK(detected.exit_code == 0);
  CHECK(detected.out == "a.log: json lines, 1 lines, 1 records\n");
  world.write("b.log", "2026-11-22 01:10:00 INFO up 1\n2026-11-22 01:10:01 INFO up 2\n2026-11-22 01:10:02 INFO down");
  const Ran assigned = world.daydream({"logs", "patterns", "--assignments", "b.log"});
  CHECK(assigned.exit_code == 0);
  CHECK(std::count(assigned.out.begin(), assigned.out.end(), '\n') == 3);
  CHECK(contains(assigned.out, "{\"line\":1,\"group\":"));
  CHECK(contains(assigned.out, "\"template\":\"down\"}"));
}

TEST_CASE("a night's report counts entries, patterns and anomalies, and the next night reads only what is new") {
  World world;
  world.init_git();
  world.write(".gitignore", "logs/\n");
  world.write("app/db.py", "log.error('could not connect to database %s after %d tries', name, tries)\n");
  world.commit("app");
  world.manifest(kPipeline);
  world.write("logs/app.log", some_log("2026-11-22", 40));
  const Ran first = world.run();
  INFO(first.err);
  REQUIRE(first.exit_code == 0);
  const std::string report = report_of(world, "2026-11-22");
  INFO(report);
  CHECK(contains(report, "- Analyzed 42 log entries"));
  CHECK(contains(report, "- Found 2 recurring patterns"));
  CHECK(contains(report, "- Flagged 1 anomalies"));
  CHECK(contains(report, "app/db.py:1"));
  world.write("logs/app.log", some_log("2026-11-22", 40) + some_log("2026-11-23", 7));
  const Ran second = world.run({"--now", "2026-11-23T02:30:00Z"});
  REQUIRE(second.exit_code == 0);
  const std::string next = report_of(world, "2026-11-23");
  INFO(next);
  CHECK(contains(next, "- Analyzed 9 log entries"));
  CHECK(contains(next, "- Flagged 0 anomalies"));
}

TEST_CASE("no secret of a log line and no markup of it reaches report or store") {
  World world;
  world.init_git();
  world.write(".gitignore", "logs/\n");
  world.commit("nothing yet");
  world.manifest(kPipeline);
  world.write(
      "logs/app.log",
      "2026-11-22 01:10:00 ERROR login of max.mustermann@example.com password=hunter2hunter2 card 4111111111111111\n"
      "2026-11-22 01:10:01 ERROR token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dBjftJeZ4CVPmB92K27uhbUJU1p1r "
      "refused\n"
      "2026-11-22 01:10:02 ERROR \x1b[31m](javascript:alert(1)) <script>alert(1)</script> @everyone\n");
  REQUIRE(world.run().exit_code == 0);
  for (const auto& [path, bytes] : World::snapshot(world.state())) {
    for (const char* canary : {"max.mustermann", "hunter2hunter2", "4111111111111111", "eyJzdWIiOiIxMjM0NTY3ODkwIn0"}) {
      INFO(path << " holds " << canary);
      CHECK_FALSE(contains(bytes, canary));
    }
  }
  CHECK_FALSE(contains(report_of(world, "2026-11-22"), "<script>"));
  CHECK_FALSE(contains(report_of(world, "2026-11-22"), "\x1b"));
}
