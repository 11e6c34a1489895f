#include <catch2/catch.hpp>
#include <string>

#include "daydream/kit/json.hpp"

using namespace daydream;
using json::Schema;

namespace {

std::string problems(std::string_view schema_text, std::string_view value_text) {
  auto schema = Schema::compile(schema_text, "schema.json");
  if (!schema) return "schema: " + schema.error().message();
  auto value = json::Text::parse(value_text, {});
  if (!value) return value.error().message();
  std::string all;
  for (const json::Problem& problem : schema->check(value->root())) {
    all += (all.empty() ? "" : " | ") + (problem.pointer.empty() ? "" : problem.pointer + ": ") + problem.message;
  }
  return all;
}

std::string filled(std::string_view schema_text, std::string_view value_text) {
  auto schema = Schema::compile(schema_text, "schema.json");
  REQUIRE(schema.ok());
  auto value = json::Text::parse(value_text, {});
  REQUIRE(value.ok());
  return json::write(schema->with_defaults(value->root()));
}

std::string schema_error(std::string_view schema_text) {
  auto schema = Schema::compile(schema_text, "s.json");
  return schema ? "accepted" : schema.error().message();
}

constexpr std::string_view kStep = R"({"type": "object", "required": ["id"], "properties": {
  "id": {"type": "string", "minLength": 1}, "command": {"type": "array", "items": {"type": "string"}},
  "level": {"enum": ["info", "warning", "error"]}, "tries": {"type": "integer", "minimum": 1, "maximum": 9}}})";

}  // namespace

TEST_CASE("an unknown key names the key that was meant") {
  CHECK(problems(kStep, R"({"id": "a", "comand": []})") == "unknown key \"comand\"; did you mean \"command\"?");
  CHECK(problems(kStep, R"({"id": "a", "zebra": 1})") ==
        "unknown key \"zebra\"; known are \"id\", \"command\", \"level\", \"tries\"");
  CHECK(problems(R"({"type": "object"})", R"({"a": 1})") == "unknown key \"a\"; no keys are known here");
}

TEST_CASE("a missing key, a wrong type and a wrong value say what was expected") {
  CHECK(problems(kStep, "{}") == "missing key \"id\"");
  CHECK(problems(kStep, "[]") == "expected an object, not an array");
  CHECK(problems(kStep, R"({"id": 7})") == "/id: expected a string, not 7");
  CHECK(problems(kStep, R"({"id": ""})") == "/id: must not be empty");
  CHECK(problems(kStep, R"({"id": "a", "level": "warnign"})") ==
        "/level: expected one of \"info\", \"warning\", \"error\", not \"warnign\"; did you mean \"warning\"?");
  CHECK(problems(kStep, R"({"id": "a", "tries": 0})") == "/tries: expected at least 1, not 0");
  CHECK(problems(kStep, R"({"id": "a", "tries": 10})") == "/tries: expected at most 9, not 10");
  CHECK(problems(kStep, R"({"id": "a", "tries": 1.5})") == "/tries: expected a whole number, not 1.5");
  CHECK(problems(kStep, R"({"id": "a", "command": ["x", 2]})") == "/command/1: expected a string, not 2");
}

TEST_CASE("all problems are reported, in the order of the document") {
  CHECK(problems(kStep, R"({"tries": 0, "x": 1, "command": [1]})") ==
        "/tries: expected at least 1, not 0 | unknown key \"x\"; known are \"id\", \"command\", \"level\", \"tries\" | "
        "/command/0: expected a string, not 1 | missing key \"id\"");
}

TEST_CASE("a problem carries the pointer and the key for its place in the text") {
  auto schema = Schema::compile(kStep, "s");
  REQUIRE(schema.ok());
  auto value = json::Text::parse("{\"id\": \"a\",\n \"comand\": 1}", {});
  const auto found = schema->check(value->root());
  REQUIRE(found.size() == 1);
  CHECK(found[0].pointer.empty());
  CHECK(found[0].key == "comand");
  CHECK(value->key_position(found[0].pointer + "/" + json::pointer_part(found[0].key)).line == 2);
}

TEST_CASE("hostile keys and values are harmless in messages") {
  CHECK(problems(kStep, R"({"id": "a", "\u001b[31m": 1})").find('\x1b') == std::string::npos);
  CHECK(problems(kStep, R"({"id": "a", "level": "\u202e"})").find("\\u{202e}") != std::string::npos);
  const std::string longest = "{\"id\": \"a\", \"level\": \"" + std::string(100'000, 'x') + "\"}";
  CHECK(problems(kStep, longest).size() < 300);
}

TEST_CASE("strings are held to length, pattern and format") {
  CHECK(problems(R"({"type": "string", "maxLength": 2})", "\"äöü\"") == "expected at most 2 characters, not 3");
  CHECK(problems(R"({"type": "string", "maxLength": 3})", "\"äöü\"").empty());
  CHECK(problems(R"({"pattern": "^[a-z]+$"})", "\"A1\"") == "expected text like \"^[a-z]+$\", not \"A1\"");
  CHECK(problems(R"({"format": "duration"})", "\"20m\"").empty());
  CHECK(problems(R"({"format": "duration"})", "\"20 minutes\"").starts_with("expected a duration such as"));
  CHECK(problems(R"({"format": "size"})", "\"64MiB\"").empty());
  CHECK(problems(R"({"format": "date"})", "\"2026-02-29\"").starts_with("expected a date"));
  CHECK(problems(R"({"format": "date"})", "\"2024-02-29\"").empty());
  CHECK(problems(R"({"format": "glob"})", "\"src/[a\"").starts_with("expected a glob"));
  CHECK(problems(R"({"format": "glob"})", "\"src/**/[!a]*.py\"").empty());
  CHECK(problems(R"({"format": "regex"})", "\"(a\"").starts_with("not a regular expression"));
}

TEST_CASE("arrays are held to size and uniqueness") {
  CHECK(problems(R"({"minItems": 1})", "[]") == "expected at least 1 items, not 0");
  CHECK(problems(R"({"maxItems": 1})", "[1, 2]") == "expected at most 1 items, not 2");
  CHECK(problems(R"({"uniqueItems": true})", "[1, 2, 1]") == "/2: stands here twice: 1");
  CHECK(problems(R"({"uniqueItems": true})", R"([{"a": 1, "b": 2}, {"b": 2, "a": 1}])") ==
        "/1: stands here twice: an object");
  CHECK(problems(R"({"uniqueItems": true})", R"([1, "1", [1], {"a": 1}])").empty());
}

TEST_CASE("exclusive limits come as a flag or as a number") {
  CHECK(problems(R"({"minimum": 0, "exclusiveMinimum": true})", "0") == "expected more than 0, not 0");
  CHECK(problems(R"({"exclusiveMaximum": 1})", "1") == "expected less than 1, not 1");
  CHECK(problems(R"({"exclusiveMaximum": 1})", "0.5").empty());
}

TEST_CASE("other keys follow additionalProperties") {
  constexpr std::string_view kMap = R"({"type": "object", "additionalProperties": {"type": "integer"}})";
  CHECK(problems(kMap, R"({"a": 1, "b": 2})").empty());
  CHECK(problems(kMap, R"({"a": "x"})") == "/a: expected a whole number, not \"x\"");
  CHECK(problems(R"({"properties": {"a": {}}, "additionalProperties": true})", R"({"b": 1})").empty());
  CHECK(problems("{}", R"({"b": [1]})").empty());
}

TEST_CASE("of several forms the problem of the one that was meant is told") {
  constexpr std::string_view kForms = R"({"oneOf": [{"type": "string"},
    {"type": "object", "properties": {"env": {"type": "string"}}, "required": ["env"]}]})";
  CHECK(problems(kForms, "\"x\"").empty());
  CHECK(problems(kForms, "5") == "expected a string or an object, not 5");
  CHECK(problems(kForms, R"({"env": 5})") == "/env: expected a string, not 5");
  CHECK(problems(R"({"oneOf": [{"type": "string"}, {"minLength": 1}]})", "\"x\"") ==
        "fits more than one of the allowed forms");
  CHECK(problems(R"({"anyOf": [{"type": "string"}, {"minLength": 1}]})", "\"x\"").empty());
}

TEST_CASE("a schema may refer to itself") {
  constexpr std::string_view kTree = R"({"$ref": "#/definitions/tree", "definitions": {"tree": {"type": "object",
    "properties": {"name": {"type": "string"}, "children": {"type": "array", "items": {"$ref": "#/definitions/tree"}}}}}})";
  // "definitions" beside "$ref" would be ignored by draft 4, so it is refused, not half-used.
  CHECK(problems(kTree, "{}").find("only default, title and description") != std::string::npos);
  constexpr std::string_view kList =
      R"({"type": "object", "properties": {"next": {"$ref": "#"}, "n": {"type": "integer"}}})";
  CHECK(problems(kList, R"({"next": {"next": {"n": "x"}}})") == "/next/next/n: expected a whole number, not \"x\"");
}

TEST_CASE("a schema that is not understood is refused, never half-used") {
  CHECK(schema_error(R"({"propertys": {}})") ==
        "s.json:1:15: propertys: unknown keyword \"propertys\"; did you mean \"properties\"?");
  CHECK(schema_error(R"({"type": "strin"})").find("did you mean \"string\"?") != std::string::npos);
  CHECK(schema_error(R"({"properties": {"a": {"format": "email"}}})").find("unknown format \"email\"") !=
        std::string::npos);
  CHECK(schema_error(R"({"pattern": "(a"})").find("not a regular expression") != std::string::npos);
  CHECK(schema_error(R"({"items": [{}]})").find("expected a schema, which is an object") != std::string::npos);
  CHECK(schema_error(R"({"required": "a"})").find("expected a list of keys") != std::string::npos);
  CHECK(schema_error(R"({"$ref": "other.json"})").find("of this schema") != std::string::npos);
  CHECK(schema_error(R"({"minItems": -1})").find("expected a whole number, not negative") != std::string::npos);
  CHECK(schema_error("[]") != "accepted");
}

TEST_CASE("a schema that would never end is refused") {
  CHECK(schema_error(R"({"$ref": "#"})").find("leads back to itself") != std::string::npos);
  CHECK(schema_error(R"({"anyOf": [{"oneOf": [{"$ref": "#"}]}]})").find("leads back to itself") != std::string::npos);
  CHECK(schema_error(R"({"type": "object", "default": {}, "properties": {"a": {"$ref": "#"}, "b": {"$ref": "#"}}})")
            .find("without end") != std::string::npos);
  CHECK(schema_error(R"({"type": "integer", "default": "x"})").find("not what its schema allows") != std::string::npos);
}

TEST_CASE("defaults fill what is absent, recursively, and keep what is there") {
  constexpr std::string_view kSchema = R"({"type": "object", "properties": {
    "mode": {"type": "string", "default": "branch"},
    "limits": {"type": "object", "default": {}, "properties": {"memory": {"type": "string", "default": "1GiB"}}},
    "steps": {"type": "array", "items": {"type": "object", "properties": {"id": {"type": "string"},
      "tries": {"type": "integer", "default": 3}}}},
    "note": {"type": "string"}}})";
  CHECK(filled(kSchema, "{}") == R"({"mode":"branch","limits":{"memory":"1GiB"}})");
  CHECK(filled(kSchema, R"({"mode": "patch", "steps": [{"id": "a"}, {"tries": 1}], "limits": {"memory": "2GiB"}})") ==
        R"({"mode":"patch","steps":[{"id":"a","tries":3},{"tries":1}],"limits":{"memory":"2GiB"}})");
}

TEST_CASE("defaults come through references and the form that fits") {
  CHECK(filled(R"({"type": "object", "definitions": {"t": {"type": "string", "default": "5m"}},
    "properties": {"timeout": {"$ref": "#/definitions/t"}, "idle": {"$ref": "#/definitions/t", "default": "1m"}}})",
               "{}") == R"({"timeout":"5m","idle":"1m"})");
  CHECK(
      filled(
          R"({"oneOf": [{"type": "string"}, {"type": "object", "properties": {"a": {"type": "integer", "default": 1}}}]})",
          "{}") == R"({"a":1})");
  CHECK(filled(R"({"type": "object", "additionalProperties": {"type": "object",
    "properties": {"a": {"type": "integer", "default": 1}}}})",
               R"({"x": {}})") == R"({"x":{"a":1}})");
}

TEST_CASE("a value built deeper than any text may be is refused, not recursed into") {
  json::Document deep;
  deep.SetArray();
  for (int i = 0; i < 100'000; ++i) {
    json::Value outer(rapidjson::kArrayType);
    outer.PushBack(static_cast<json::Value&>(deep).Move(), deep.GetAllocator());
    static_cast<json::Value&>(deep) = outer;
  }
  auto schema = Schema::compile(R"({"type": "array", "items": {"$ref": "#"}})", "s");
  REQUIRE(schema.ok());
  const auto found = schema->check(deep);
  REQUIRE(found.size() == 1);
  CHECK(found[0].message == "nested deeper than 128 levels");
  CHECK(schema->with_defaults(deep).IsNull());
  CHECK(json::write(deep).size() > 200'000);
}

TEST_CASE("alternatives that explode end with a problem, in seconds at most") {
  std::string schema = R"({"definitions": {"a": {"type": "array", "items": {"anyOf": [)";
  for (int i = 0; i < 8; ++i) schema += std::string(i == 0 ? "" : ",") + R"({"$ref": "#/definitions/a"})";
  schema += R"(]}}}, "type": "array", "items": {"$ref": "#/definitions/a"}})";
  const std::string value = std::string(40, '[') + "1" + std::string(40, ']');
  CHECK(problems(schema, value) == "the schema has too many alternatives to try on this value");
}
