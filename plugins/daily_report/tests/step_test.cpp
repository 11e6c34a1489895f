// The built plugin under an in-memory host.
#include <catch2/catch.hpp>

#include "daydream/testing/memory_host.hpp"
#include "markdown.hpp"
#include "model_fixture.hpp"

namespace daydream::daily_report {
namespace {

const dd_plugin& plugin() {
  auto opened = testing::open_plugin(DAILY_REPORT_SO);
  if (!opened) FAIL(opened.error().message());
  return **opened;
}

TEST_CASE("the step writes the page of the host's model, named for the run") {
  testing::Start start;
  start.outputs[{"daydream", "report"}] = test::kSixSteps;
  testing::MemoryHost host(start);
  auto answer = host.run(plugin());
  INFO(answer.message);
  REQUIRE(answer.good());
  REQUIRE(host.commits().size() == 1);
  REQUIRE(host.commits()[0].files.size() == 1);
  CHECK_THAT(host.commits()[0].files[0].first, Catch::StartsWith("report_") && Catch::EndsWith(".md"));
  auto parsed = json::Text::parse(test::kSixSteps);
  CHECK(host.commits()[0].files[0].second == to_markdown(parsed->root(), {10}));
}

TEST_CASE("the number of items is the configuration's") {
  testing::Start start;
  start.outputs[{"daydream", "report"}] = test::kSixSteps;
  start.config = R"({"items": 1})";
  testing::MemoryHost host(start);
  REQUIRE(host.run(plugin()).good());
  CHECK_THAT(host.commits()[0].files[0].second, Catch::Contains("and 2 more"));
}

TEST_CASE("without a model the step fails for good and says so") {
  testing::MemoryHost host;
  auto answer = host.run(plugin());
  CHECK(answer.status == DD_PERMANENT);
  CHECK(answer.code == "no-model");
  CHECK(host.commits().empty());
}

}  // namespace
}  // namespace daydream::daily_report
