// Lists that an option has by default, changed by the manifest.
#include "pipeline/list_options.hpp"

#include <catch2/catch.hpp>

using namespace daydream;

namespace {

constexpr const char* kSchema = R"({"type": "object", "properties": {
  "ignore": {"type": "array", "items": {"type": "string"}, "default": ["vendor/", "dist/"]},
  "none": {"$ref": "#/definitions/names"},
  "either": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}], "default": ["x"]},
  "word": {"type": "string"},
  "deep": {"type": "object", "properties": {"list": {"type": "array", "default": [1, 2]}}}},
  "definitions": {"names": {"type": "array", "items": {"type": "string"}}}})";

std::string lists(const std::string& config) {
  const auto schema = json::Text::parse(kSchema, {.name = "schema", .positions = false});
  const auto value = json::Text::parse(config, {.name = "config", .positions = false});
  REQUIRE(schema.ok());
  REQUIRE(value.ok());
  std::vector<json::Problem> problems;
  std::string result = json::write(pipeline::with_lists(value->root(), schema->root(), problems));
  for (const auto& problem : problems) result.append(" ").append(problem.pointer).append(": ").append(problem.message);
  return result;
}

}  // namespace

TEST_CASE("an operation changes the list that an option has by default") {
  CHECK(lists(R"({"ignore": {"append": ["gen/"]}})") == R"({"ignore":["vendor/","dist/","gen/"]})");
  CHECK(lists(R"({"ignore": {"remove": ["dist/"], "append": ["gen/"]}})") == R"({"ignore":["vendor/","gen/"]})");
  CHECK(lists(R"({"none": {"append": ["a"]}})") == R"({"none":["a"]})");
  CHECK(lists(R"({"either": {"append": ["y"]}})") == R"({"either":["x","y"]})");
  CHECK(lists(R"({"deep": {"list": {"remove": [1]}}})") == R"({"deep":{"list":[2]}})");
}

TEST_CASE("what is no list, and what is not there, stays to be refused") {
  CHECK(lists(R"({"word": {"append": ["a"]}})") == R"({"word":{"append":["a"]}})");
  CHECK(
      lists(R"({"ignore": {"remove": ["distt/"]}})") ==
      R"({"ignore":["vendor/","dist/"]} /ignore/remove/0: not in the list that the plugin has by default: ["vendor/","dist/"])");
}
