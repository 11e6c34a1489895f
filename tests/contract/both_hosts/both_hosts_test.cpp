#include <catch2/catch.hpp>

#include "daydream/kit/json.hpp"
#include "daydream/testing/memory_host.hpp"
#include "support/world.hpp"

using namespace daydream;

namespace {

const std::string kOld = "abc\n";

struct Seen {
  std::string answers, made, edited;
};

// The message of the finding that holds the answers.
std::string message_in(std::string_view json_line) {
  auto parsed = json::Text::parse(json_line, {.name = "finding", .positions = false});
  REQUIRE(parsed.ok());
  return json::get_string(parsed->root(), "message");
}

Seen in_memory() {
  auto plugin = testing::open_plugin(STEP);
  REQUIRE(plugin.ok());
  testing::Start start;
  start.files = {{"old.txt", kOld}};
  testing::MemoryHost host(start);
  const testing::Answer answer = host.run(**plugin);
  INFO(answer.message);
  REQUIRE(answer.status == 0);
  REQUIRE(host.commits().size() == 1);
  REQUIRE(host.commits()[0].findings.size() == 2);
  return {message_in(host.commits()[0].findings[1].second), host.file("new.txt"), host.file("old.txt")};
}

Seen in_the_real_host() {
  testing::World world;
  world.init_git();
  world.write("old.txt", kOld);
  world.commit("start");
  world.manifest(R"({"manifest": 1, "steps": [{"id": "corners", "plugin": ")" + std::string(STEP) +
                 R"("}, {"id": "daily_report", "plugin": "daily_report"}]})");
  const testing::Ran ran = world.run();
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  auto report = json::Text::parse(testing::read_file(world.state() / "report_2026-11-22.json"), {.name = "report"});
  REQUIRE(report.ok());
  Seen seen;
  for (const json::Value& finding : report->root()["findings"].GetArray()) {
    const std::string message = json::get_string(finding, "message");
    if (testing::contains(message, "no span")) seen.answers = message;
  }
  seen.made = world.git({"show", "daydream/2026-11-22:new.txt"}) + "\n";
  seen.edited = world.git({"show", "daydream/2026-11-22:old.txt"}) + "\n";
  return seen;
}

}  // namespace

TEST_CASE("both hosts answer alike at the corners of the ABI, and make the same of the files") {
  const Seen memory = in_memory();
  CHECK(memory.answers ==
        "put_finding 0, create 0, edit of what is created here 0, no span -6, two insertions at one place -6, "
        "an insertion where a span begins -6, descending -6, behind the end -6, "
        "an insertion at the end of a span, and one that does nothing 0, checkpoint of another schema -6, "
        "discard below log:0 -6, discard below log:1 0, begin within 0, ");
  CHECK(memory.made == "one 2\n");
  CHECK(memory.edited == "xxbc\n");
  const Seen real = in_the_real_host();
  CHECK(real.answers == memory.answers);
  CHECK(real.made == memory.made);
  CHECK(real.edited == memory.edited);
}
