// What a manifest may say, and the exact words for what it may not.
#include <catch2/catch.hpp>

#include "manifest/load.hpp"
#include "manifest/names.hpp"
#include "manifest/test_folder.hpp"

using namespace daydream;
using manifest::load_text;

namespace {

constexpr const char* kOneStep = R"("steps": [{"id": "a", "plugin": "a"}])";

std::string why(std::string_view text) {
  const auto loaded = load_text(text, "m.json", "");
  return loaded ? "accepted" : testing::without_excerpts(loaded.error().message());
}
// A good manifest with one more member.
std::string why_with(const std::string& member) {
  return why("{\"manifest\": 1, " + std::string(kOneStep) + ",\n" + member + "}");
}

std::string plain(const std::string& words) {
  return testing::without_excerpts(words);
}

}  // namespace

TEST_CASE("a manifest may say everything of DESIGN section 10") {
  const auto loaded = load_text(R"({
  // comments are fine
  "$schema": "x", "manifest": 1, "mode": "branch", "base": "main", "retention": "30d",
  "verify": {"command": ["pytest", "-q"], "timeout": "15m"},
  "workspace": {"link": [".venv"], "setup": [["make", "deps"]], "setup_timeout": "1m"},
  "schedule": {"at": "03:45", "zone": "Europe/Berlin"},
  "defaults": {"timeout": "20m", "idle_timeout": "90s", "max_attempts": 2, "on_failure": "continue",
               "limits": {"memory": "1GiB", "cpu": "10m", "open_files": 256}},
  "secrets": {"SENTRY_AUTH_TOKEN": {"env": "TOKEN", "hosts": ["Sentry.io"]}},
  "hosts": {"b": ["sentry.io", "*.sentry.io"]},
  "inputs": {"journal": {"command": ["journalctl", "-o", "export"], "timeout": "1m", "max": "64MiB"}},
  "steps": [{"id": "a", "plugin": "a", "config": {"x": [1, {"y": null}]}},
            {"id": "b", "plugin": "./b.so", "secrets": ["SENTRY_AUTH_TOKEN"], "on_failure": "stop", "timeout": "1h",
             "limits": {"memory": "64MiB"}, "paths": ["/var/log/app"]}]
})",
                                "team/m.json", "");
  REQUIRE(loaded.ok());
  const manifest::Pipeline& pipeline = loaded->pipeline;
  CHECK(pipeline.mode == Mode::kBranch);
  CHECK(pipeline.base == "main");
  CHECK(pipeline.retention_days == 30);
  CHECK(pipeline.verify.command == std::vector<std::string>{"pytest", "-q"});
  CHECK(pipeline.workspace.setup == std::vector<std::vector<std::string>>{{"make", "deps"}});
  CHECK(pipeline.workspace.setup_timeout == std::chrono::minutes(1));
  CHECK(pipeline.schedule.zone == "Europe/Berlin");
  CHECK(pipeline.secrets.at("SENTRY_AUTH_TOKEN").environment == "TOKEN");
  CHECK(pipeline.secrets.at("SENTRY_AUTH_TOKEN").hosts == std::vector<std::string>{"sentry.io"});
  CHECK(pipeline.hosts.at("b").size() == 2);
  CHECK(pipeline.inputs.at("journal").max_bytes == 64U << 20);
  const manifest::Step& first = pipeline.steps.at(0);
  CHECK(first.config == R"({"x":[1,{"y":null}]})");
  CHECK(first.config_pointer == "/steps/0/config");
  CHECK(first.idle_timeout == std::chrono::seconds(90));
  CHECK(first.max_attempts == 2);
  CHECK(first.on_failure == manifest::OnFailure::kContinue);
  CHECK(first.limits.memory_bytes == 1U << 30);
  CHECK(first.limits.open_files == 256);
  const manifest::Step& second = pipeline.steps.at(1);
  CHECK(second.plugin == "/team/b.so");
  CHECK(second.plugin_is_path);
  CHECK(second.on_failure == manifest::OnFailure::kStop);
  CHECK(second.timeout == std::chrono::hours(1));
  CHECK(second.limits.memory_bytes == 64U << 20);
  CHECK(second.limits.cpu == std::chrono::minutes(10));
  CHECK(second.paths == std::vector<std::string>{"/var/log/app"});
}

TEST_CASE("wrong words are told with place, expectation and nearest name") {
  const std::vector<std::pair<std::string, std::string>> table{
      {R"("stpes": [])", R"(/m.json:2:1: (top level): unknown key "stpes"; did you mean "steps"?)"},
      {R"("mode": "brunch")",
       R"(/m.json:2:9: mode: expected one of "observe", "patch", "branch", "in-place", not "brunch"; did you mean "branch"?)"},
      {R"("base": "--upload-pack=x")",
       R"(/m.json:2:9: base: expected a revision git knows, as HEAD or origin/main; got "--upload-pack=x")"},
      {R"("retention": "1h")", R"(/m.json:2:14: retention: expected 1d to 3650d, got "1h")"},
      {R"("verify": {"command": [""]})",
       R"(/m.json:2:23: verify.command: expected a program and its arguments, as ["make", "test"])"},
      {R"("verify": {"comand": []})", R"(/m.json:2:12: verify: unknown key "comand"; did you mean "command"?)"},
      {R"("workspace": {"link": [".venv", "../x"]})",
       R"(/m.json:2:33: workspace.link[1]: expected a path inside the repository, as .venv; got "../x")"},
      {R"("workspace": {"link": ["a/.GIT/b"]})",
       R"(/m.json:2:24: workspace.link[0]: expected a path inside the repository, as .venv; got "a/.GIT/b")"},
      {R"("workspace": {"setup": [[]]})",
       R"(/m.json:2:25: workspace.setup[0]: expected a program and its arguments, as ["make", "test"])"},
      {R"("schedule": {"at": "24:00"})",
       R"(/m.json:2:20: schedule.at: expected HH:MM from 00:00 to 23:59, got "24:00")"},
      {R"("defaults": {"timeout": "0s"})", R"(/m.json:2:25: defaults.timeout: expected 1s to 7d, got "0s")"},
      {R"("defaults": {"limits": {"memory": "1MiB"}})",
       R"(/m.json:2:35: defaults.limits.memory: expected 32MiB to 1048576MiB, got "1MiB")"},
      {R"("secrets": {"A-B": {"env": "X", "hosts": ["h"]}})",
       R"(/m.json:2:13: secrets.A-B: expected a name of letters, digits and _, as SENTRY_AUTH_TOKEN)"},
      {R"("secrets": {"A": {"hosts": ["h"]}})",
       R"(/m.json:2:18: secrets.A: expected "env" or "file": where the secret comes from)"},
      {R"("secrets": {"A": {"env": "X", "file": "f", "hosts": ["h"]}})",
       R"(/m.json:2:18: secrets.A: expected either "env" or "file", not both)"},
      {R"("secrets": {"A": {"env": "sntrys_abc=", "hosts": ["h"]}})",
       R"(/m.json:2:26: secrets.A.env: expected the name of an environment variable, not a value)"},
      {R"("secrets": {"A": {"env": "X"}})",
       R"(/m.json:2:18: secrets.A: expected "hosts": which hosts may see the secret)"},
      {R"("secrets": {"A": {"env": "X", "hosts": ["*"]}})",
       R"(/m.json:2:41: secrets.A.hosts[0]: a secret is never sent to any host there is: name them)"},
      {R"("hosts": {"b": ["x"]})", R"(/m.json:2:11: hosts.b: no step "b")"},
      {R"("hosts": {"a": ["https://x.org/"]})",
       R"(/m.json:2:17: hosts.a[0]: expected a host name (sentry.io), a host with its port (localhost:8000), *.suffix or *; got "https://x.org/")"},
      {R"("inputs": {"Log": {"command": ["a"]}})",
       R"(/m.json:2:12: inputs.Log: expected a name of lower-case letters, digits, _ and -)"},
      {R"("inputs": {"log": {"command": []}})",
       R"(/m.json:2:31: inputs.log.command: expected a program and its arguments, as ["make", "test"])"},
      {R"("verify": {"command": {"append": ["x"]}})", "accepted"},
      {R"("verify": {"command": {}})", R"(/m.json:2:23: verify.command: missing key "append")"},
      {R"("verify": {"command": {"apend": ["x"]}})",
       "/m.json:2:24: verify.command: unknown key \"apend\"; did you mean \"append\"?\n"
       "/m.json:2:23: verify.command: missing key \"append\""},
      {R"("verify": {"command": {"remove": ["x"]}})",
       R"(/m.json:2:35: verify.command.remove[0]: nothing to remove from: no file before this one gives the list)"},
      {R"("verify": {"command": ["a\u0000b"]})", R"(/m.json:2:24: verify.command[0]: contains a NUL character)"},
  };
  for (const auto& [member, expected] : table) CHECK(why_with(member) == expected);
}

TEST_CASE("what is wrong with when and every is told") {
  const auto told = [](const std::string& members) {
    return why("{\"manifest\": 1,\n\"steps\": [{\"id\": \"a\", \"plugin\": \"a\", " + members + "}]}");
  };
  CHECK(
      told(R"("when": "allways")") ==
      R"(/m.json:2:46: steps[0].when: expected one of "always", "success", "failure", not "allways"; did you mean "always"?)");
  CHECK(
      told(R"("when": "changed: docs/**")") ==
      R"(/m.json:2:46: steps[0].when: expected one of "always", "success", "failure", not "changed: docs/**"; globs are said as {"changed": ["docs/**"]})");
  CHECK(told(R"("when": {"chnged": ["a"]})") ==
        "/m.json:2:47: steps[0].when: unknown key \"chnged\"; did you mean \"changed\"?\n"
        "/m.json:2:46: steps[0].when: missing key \"changed\"");
  CHECK(told(R"("when": {"changed": []})") == "/m.json:2:58: steps[0].when.changed: expected at least 1 items, not 0");
  CHECK(told(R"("every": "wek")") ==
        R"(/m.json:2:47: steps[0].every: expected one of "day", "week", "month", not "wek"; did you mean "week"?)");
  CHECK(load_text(
            R"({"manifest": 1, "steps": [{"id": "a", "plugin": "a", "every": "month", "when": {"changed": "*.py"}}]})",
            "m", "")
            ->pipeline.steps.at(0)
            .when.globs == std::vector<std::string>{"*.py"});
}

TEST_CASE("an unknown zone is told with the nearest one") {
  const std::string words = why_with(R"("schedule": {"zone": "Europe/Berlim"})");
  CHECK_THAT(words, Catch::StartsWith("/m.json:2:22: schedule.zone: "));
  CHECK_THAT(words, Catch::Contains("Europe/Berlin"));
}

TEST_CASE("wrong steps are told with their place") {
  const std::vector<std::pair<std::string, std::string>> table{
      {R"([])",
       R"(/m.json:2:10: steps: expected "steps": a pipeline has one step at least; "extends": ["daydream"] has the steps that come with the program)"},
      {R"([{"plugin": "a"}])", R"(/m.json:2:11: steps[0]: missing key "id")"},
      {R"([{"id": "a"}])",
       R"(/m.json:2:11: steps[0]: expected "plugin": the name of an installed plugin, or the path of one, as in "plugin": "a")"},
      {R"([{"id": "a", "plugn": "a"}])", R"(/m.json:2:23: steps[0]: unknown key "plugn"; did you mean "plugin"?)"},
      {R"([{"id": "A b", "plugin": "a"}])",
       R"(/m.json:2:18: steps[0].id: expected lower-case letters, digits, _ and -, a letter first; got "A b")"},
      {R"([{"id": "a", "plugin": "a"}, {"id": "a", "plugin": "b"}])",
       R"(/m.json:2:46: steps[1].id: a second step with this id; ids are unique (the first: line 2))"},
      {R"([{"id": "a", "plugin": "a b"}])",
       R"(/m.json:2:33: steps[0].plugin: expected the name of an installed plugin (legacy_cleanup) or a path (./steps/own.so); got "a b")"},
      {R"([{"id": "a", "plugin": "a", "secrets": ["B"]}])",
       R"(/m.json:2:50: steps[0].secrets[0]: no secret "B" in "secrets")"},
      {R"([{"id": "a", "plugin": "a", "sha256": "12"}])",
       R"(/m.json:2:48: steps[0].sha256: expected 64 lower-case hexadecimal digits: daydream plugins info prints them)"},
      {R"([{"id": "a", "plugin": "a", "paths": ["/x/.."]}])",
       R"(/m.json:2:48: steps[0].paths[0]: expected a file or folder, not the whole machine)"},
  };
  for (const auto& [steps, expected] : table) CHECK(why("{\"manifest\": 1,\n\"steps\": " + steps + "}") == expected);
}

TEST_CASE("the format's version is the first thing a manifest says") {
  CHECK(why(R"({"manifest": 2, "anything": 3})") ==
        "/m.json:1:14: manifest: version 2 of the format is not known; this program reads version 1");
  CHECK_THAT(why("{" + std::string(kOneStep) + "}"), Catch::Contains("missing key \"manifest\""));
}

TEST_CASE("several problems are told at once, at most 20") {
  const std::string two = why_with("\"mode\": 1,\n\"base\": 2");
  CHECK(std::count(two.begin(), two.end(), '\n') == 1);
  std::string many;
  for (int i = 0; i < 30; ++i) many += ",\n\"unknown_" + std::to_string(i) + "\": 1";
  const std::string words = why("{\"manifest\": 1, " + std::string(kOneStep) + many + "}");
  CHECK(std::count(words.begin(), words.end(), '\n') == 20);
  CHECK_THAT(words, Catch::EndsWith("\n... and 10 more"));
}

TEST_CASE("a host may be declared with its port, an address of IPv6 in brackets") {
  for (const char* good :
       {"localhost:8000", "127.0.0.1", "127.0.0.1:1", "[::1]", "[2001:DB8::1]:65535", "*.x.org", "*"})
    CHECK(manifest::is_host_pattern(good));
  for (const char* bad : {"x.org:", "x.org:0", "x.org:080", "x.org:65536", "x.org:http", "x.org:1:2", "*:80",
                          "*.x.org:80", "[::1", "[]", "[::1]x", "[::1]:", "[x]", "::1", "x/y:80", "u@x.org"}) {
    INFO(bad);
    CHECK_FALSE(manifest::is_host_pattern(bad));
  }
}

TEST_CASE("hostile manifests are refused, whatever they hold") {
  CHECK(why("") != "accepted");
  CHECK(why("[]") != "accepted");
  CHECK(why("null") != "accepted");
  CHECK(why(std::string(1'000'000, '[')) != "accepted");
  CHECK(why(std::string("{\"manifest\": 1\0}", 16)) != "accepted");
  CHECK(why("{\"manifest\": 1, \"base\": \"\xff\xfe\"}") != "accepted");
  CHECK(why(std::string(10U << 20, ' ')) != "accepted");
  std::string deep = R"({"manifest": 1, "steps": [{"id": "a", "plugin": "a", "config": )";
  for (int i = 0; i < 100; ++i) deep += "{\"x\":";
  CHECK(why(deep) != "accepted");
  CHECK_THAT(why("{\"manifest\": 1, \"manifest\": 1}"), Catch::Contains("manifest"));
}

TEST_CASE("a problem in a step's configuration is placed in the file that says it") {
  testing::Folder folder;
  folder.write(
      "base.json",
      "{\"manifest\": 1, \"steps\": [\n {\"id\": \"a\", \"plugin\": \"a\", \"config\": {\"x\": 1,\n  \"y\": 2}}]}");
  folder.write(
      "m.json",
      "{\"manifest\": 1, \"extends\": [\"base.json\"], \"steps\": [{\"id\": \"a\", \"config\": {\n  \"y\": 3}}]}");
  const auto loaded = manifest::load(folder.path() / "m.json");
  REQUIRE(loaded.ok());
  const manifest::Step& step = loaded->pipeline.steps.at(0);
  CHECK(step.config == R"({"x":1,"y":3})");
  const std::string base = (folder.path() / "base.json").native(), own = (folder.path() / "m.json").native();
  CHECK(loaded->where("/steps/0/config/x") == base + ":2:45");
  CHECK(loaded->where("/steps/0/config/y") == own + ":2:8");
  CHECK(plain(loaded->error_at("/steps/0/config/y", "expected less").message()) ==
        own + ":2:8: steps[0].config.y: expected less");
  CHECK(plain(loaded->config_error(step, {"", "y", "unknown key \"y\""}).message()) ==
        own + ":2:3: steps[0].config: unknown key \"y\"");
  CHECK(plain(loaded->config_error(step, {"", "z", "missing key \"z\""}).message()) ==
        own + ":1:75: steps[0].config: missing key \"z\"");
  CHECK(plain(loaded->error_at("/steps/0/timeout", "?").message()) == own + ":1:53: steps[0].timeout: ?");
}
