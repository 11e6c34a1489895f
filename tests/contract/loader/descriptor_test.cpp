#include "loader/descriptor.hpp"

#include <catch2/catch.hpp>

namespace daydream::loader {
namespace {

std::string with(const std::string& more) {
  return R"({"id":"x","version":"1.0.0","summary":"s")" + (more.empty() ? "" : "," + more) + "}";
}

std::string refusal(const std::string& json) {
  auto parsed = parse_descriptor(json, "/x.so");
  if (parsed) return "accepted";
  CHECK(parsed.error().kind() == ErrorKind::kInvalid);
  CHECK_THAT(parsed.error().message(), Catch::Contains("/x.so"));
  return parsed.error().message();
}

TEST_CASE("a descriptor with nothing but its name gets the defaults") {
  auto parsed = parse_descriptor(with(""), "/x.so");
  REQUIRE(parsed);
  CHECK(parsed->id == "x");
  CHECK(parsed->role == "step");
  CHECK(parsed->checkpoint_schema == 1);
  CHECK(parsed->memory_schema == 1);
  CHECK(parsed->report.title.empty());
  CHECK_THAT(parsed->config_schema, Catch::Contains("object"));
}

TEST_CASE("the example of descriptor.md is read in full") {
  auto parsed =
      parse_descriptor(R"({"id": "acme/team_lint", "version": "1.0.0-rc.1+b", "summary": "Our own naming rules",
    "config_schema": {"type": "object", "properties": {
      "max": {"type": "integer", "minimum": 1, "default": 50, "description": "findings kept"},
      "server": {"type": "object", "properties": {"url": {"type": "string"}}}}},
    "services": ["daydream.state/1", "daydream.changes/1"],
    "needs": {"hosts": ["*.acme.com", {"option": "server.url", "when": "max"}], "secrets": ["TOKEN"], "inputs": ["journal"], "outputs": ["log_review"]},
    "commands": [{"name": "lint", "summary": "Lint files", "usage": "lint FILE..."}],
    "memory_schema": 2,
    "report": {"title": "Team Lint", "lines": [
      {"text": "Looked at {n} files", "metric": "files"},
      {"text": "Renamed {n} functions", "rules": ["acme/bad-name"]},
      {"text": "Would rename {n}", "rules": ["acme/bad-name"], "actions": ["proposed", "rejected"]}]}})",
                       "/x.so");
  REQUIRE(parsed);
  CHECK(parsed->id == "acme/team_lint");
  CHECK(parsed->services.size() == 2);
  REQUIRE(parsed->needs.hosts.size() == 2);
  CHECK(parsed->needs.hosts[0].name == "*.acme.com");
  CHECK(parsed->needs.hosts[1].option == "server.url");
  CHECK(parsed->needs.hosts[1].when == "max");
  CHECK(parsed->needs.inputs.at(0).name == "journal");
  CHECK(parsed->commands.at(0).usage == "lint FILE...");
  CHECK(parsed->memory_schema == 2);
  REQUIRE(parsed->report.lines.size() == 3);
  CHECK(parsed->report.lines[0].metric == "files");
  CHECK(parsed->report.lines[0].actions.empty());
  CHECK(parsed->report.lines[1].actions == std::vector<std::string>{"applied"});
  CHECK(parsed->report.lines[2].actions.size() == 2);
}

TEST_CASE("a wrong descriptor is refused with the place and what was expected") {
  using Catch::Contains;
  CHECK_THAT(refusal("[]"), Contains("object"));
  CHECK_THAT(refusal("{"), Contains("1:"));
  CHECK_THAT(refusal(R"({"id":"x","version":"1.0.0"})"), Contains("summary"));
  CHECK_THAT(refusal(with(R"("roll":"step")")), Contains("did you mean \"role\""));
  CHECK_THAT(refusal(with(R"("role":"boss")")), Contains("role"));
  CHECK_THAT(refusal(with(R"("summary":"twice")")), Contains("summary"));
  CHECK_THAT(refusal(with(R"("checkpoint_schema":0)")), Contains("checkpoint_schema"));
  CHECK_THAT(refusal(with(R"("services":["daydream.stat/1"])")), Contains("did you mean \"daydream.state/1\""));
  CHECK_THAT(refusal(with(R"("commands":[{"name":"run","summary":"s"}])")), Contains("a command of Daydream itself"));
  CHECK_THAT(refusal(with(R"("commands":[{"name":"a","summary":"s"},{"name":"a","summary":"s"}])")), Contains("twice"));
  CHECK_THAT(refusal(with(R"("commands":[{"name":"A b","summary":"s"}])")), Contains("lower-case"));
  CHECK_THAT(refusal(with(R"("config_schema":{"type":"objekt"})")), Contains("config_schema"));
  CHECK_THAT(refusal(with(R"("needs":{"host":[]})")), Contains("did you mean \"hosts\""));
}

TEST_CASE("ids and versions have one form") {
  for (const char* id : {"a", "log_review", "acme/lint_2"})
    CHECK(parse_descriptor(R"({"id":")" + std::string(id) + R"(","version":"1.2.3","summary":"s"})", "/x.so"));
  for (const char* id : {"", "A", "1a", "a-b", "a/b/c", "/a", "a/", "a b", "../a", "a\\u0000b"})
    CHECK_FALSE(parse_descriptor(R"({"id":")" + std::string(id) + R"(","version":"1.2.3","summary":"s"})", "/x.so"));
  for (const char* version : {"0.0.1", "10.20.30", "1.2.3-rc.1", "1.2.3+build"})
    CHECK(parse_descriptor(R"({"id":"x","version":")" + std::string(version) + R"(","summary":"s"})", "/x.so"));
  for (const char* version : {"1", "1.2", "1.2.x", "1.2.3.4", "v1.2.3", "1.2.3-", "1..3", " 1.2.3"})
    CHECK_FALSE(parse_descriptor(R"({"id":"x","version":")" + std::string(version) + R"(","summary":"s"})", "/x.so"));
}

TEST_CASE("a line of the report counts exactly one thing") {
  using Catch::Contains;
  const auto line = [](const std::string& text) {
    return refusal(with(R"("report":{"title":"T","lines":[)" + text + "]}"));
  };
  CHECK(line(R"({"text":"{n} files","metric":"files"})") == "accepted");
  CHECK_THAT(line(R"({"text":"{n} files"})"), Contains("report.lines[0]"));
  CHECK_THAT(line(R"({"text":"{n} files","metric":"m","rules":["r"]})"), Contains("either"));
  CHECK_THAT(line(R"({"text":"{n} files","rules":[]})"), Contains("either"));
  CHECK_THAT(line(R"({"text":"files","metric":"m"})"), Contains("{n}"));
  CHECK_THAT(line(R"({"text":"{n} {n}","metric":"m"})"), Contains("once"));
  CHECK_THAT(line(R"({"text":"{n}","rules":["r"],"actions":["done"]})"), Contains("actions[0]"));
  CHECK_THAT(line(R"({"text":"{n}","metric":"m","actions":["applied"]})"), Contains("rules"));
}

}  // namespace
}  // namespace daydream::loader
