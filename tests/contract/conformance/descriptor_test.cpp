#include "descriptor.hpp"

#include <catch2/catch.hpp>

#include "loader/descriptor.hpp"

using namespace daydream;

namespace {

const std::string kHead = R"({"id": "acme/lint", "version": "1.0.0", "summary": "s")";

// Both refuse it, or both take it.
void agree(const std::string& descriptor, bool good) {
  INFO(descriptor);
  const auto host = loader::parse_descriptor(descriptor, "x.so");
  const auto conform = conformance::parse_descriptor(descriptor);
  INFO((host ? std::string() : "host: " + host.error().message()));
  INFO((conform ? std::string() : "conform: " + conform.error().message()));
  CHECK(host.ok() == good);
  CHECK(conform.ok() == good);
}

}  // namespace

TEST_CASE("daydream-conform takes the descriptors that the host takes") {
  agree(kHead + "}", true);
  agree(R"({"id": "lint2_x", "version": "1.20.300-rc.1+build", "summary": "s"})", true);
  agree(kHead + R"(, "services": ["daydream.run/1", "daydream.http/1"], "role": "report"})", true);
  agree(kHead + R"(, "commands": [{"name": "lint-it", "summary": "s", "usage": ""}]})", true);
  agree(kHead + R"(, "report": {"title": "T", "lines": [{"text": "{n} a", "metric": "m"},
         {"text": "{n} b", "rules": ["r"], "actions": ["applied", "declined"]}]}})",
        true);
  agree(kHead + R"(, "needs": {"hosts": ["*"], "secrets": [], "inputs": ["a"], "outputs": ["b"]}})", true);
  agree(kHead + R"(, "config_schema": {"type": "object", "properties": {"a": {"type": "string"}}}})", true);
  const std::string options = R"(, "config_schema": {"type": "object", "properties": {"on": {"type": "boolean"},
      "server": {"type": "object", "properties": {"url": {"type": "string"}}},
      "free": {"type": "object", "additionalProperties": {"type": "string"}}}})";
  agree(kHead + options + R"(, "needs": {"hosts": [{"option": "server.url", "when": "on"}, "*.a.b:80", "[::1]"],
      "secrets": [{"name": "T", "unless": "on"}, {"option": "free.x"}], "outputs": [{"option": "server"}]}})",
        true);
  for (const char* needs : {R"({"hosts": [{"name": "a", "option": "on"}]})", R"({"hosts": [{"when": "on"}]})",
                            R"({"hosts": ["https://a.b"]})", R"({"hosts": ["A.b"]})", R"({"hosts": [""]})",
                            R"({"hosts": ["*x"]})", R"({"secrets": [{"option": "off"}]})", R"({"hosts": [5]})",
                            R"({"inputs": [{"name": "a", "when": "server.on"}]})", R"({"outputs": [{"nam": "a"}]})"}) {
    agree(kHead + options + ", \"needs\": " + needs + "}", false);
  }
}

TEST_CASE("daydream-conform refuses the descriptors that the host refuses") {
  for (const char* descriptor : {"", "{}", "[]", "null", "{\"id\": \"a\"}", "{\"id\": \"a\",}", "\xff"}) {
    agree(descriptor, false);
  }
  for (const char* id : {"", "A", "1a", "a-b", "a/b/c", "/a", "a/", "a b", "vendor/Name", "a/1"}) {
    agree(std::string(R"({"id": ")") + id + R"(", "version": "1.0.0", "summary": "s"})", false);
  }
  for (const char* version : {"", "1", "1.0", "1.0.0.0", "v1.0.0", "1.0.x", "1.0.0-", "1.0.0 ", "1..0"}) {
    agree(std::string(R"({"id": "a", "version": ")") + version + R"(", "summary": "s"})", false);
  }
  for (const char* more :
       {R"("colour": 1)", R"("id": "b")", R"("role": "steps")", R"("services": ["daydream.state/2"])",
        R"("checkpoint_schema": 0)", R"("memory_schema": 1.5)", R"("config_schema": {"if": {}})",
        R"("commands": [{"name": "run", "summary": "s"}])", R"("commands": [{"name": "undo", "summary": "s"}])",
        R"("commands": [{"name": "Lint", "summary": "s"}])",
        R"("commands": [{"name": "a", "summary": "s"}, {"name": "a", "summary": "s"}])",
        R"("report": {"title": "T", "lines": [{"text": "no count", "metric": "m"}]})",
        R"("report": {"title": "T", "lines": [{"text": "{n} {n}", "metric": "m"}]})",
        R"("report": {"title": "T", "lines": [{"text": "{n}"}]})",
        R"("report": {"title": "T", "lines": [{"text": "{n}", "metric": "m", "rules": ["r"]}]})",
        R"("report": {"title": "T", "lines": [{"text": "{n}", "metric": "m", "actions": ["applied"]}]})",
        R"("report": {"title": "T", "lines": [{"text": "{n}", "rules": ["r"], "actions": ["done"]}]})",
        R"("needs": {"host": []})", R"("summary": 5)"}) {
    agree(kHead + ", " + more + "}", false);
  }
}
