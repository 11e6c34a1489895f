// What differs from machine to machine.
#include "manifest/parameters.hpp"

#include <catch2/catch.hpp>

#include "manifest/load.hpp"
#include "manifest/test_folder.hpp"

using namespace daydream;

namespace {

struct World : testing::Shelved {
  World() {
    ::unsetenv("DAYDREAM_TEST_TEAM");
    ::unsetenv("DAYDREAM_TEST_COUNT");
  }
  // A manifest with these parameters, and `text` as an option of a step.
  void with(const std::string& parameters, const std::string& text, const std::string& more = "") const {
    own("{\"manifest\": 1, \"parameters\": {" + parameters + "}, " + more +
        "\n\"steps\": [{\"id\": \"a\", \"plugin\": \"a\", \"config\": {\"x\": \"" + text + "\"}}]}");
  }
  std::string x() const {
    const auto loaded = load();
    return loaded ? loaded->pipeline.steps.at(0).config : why();
  }
};

constexpr const char* kTeam = R"("team": {"env": "DAYDREAM_TEST_TEAM", "default": "core"})";

}  // namespace

TEST_CASE_METHOD(World, "a parameter is its variable, else its default") {
  with(kTeam, "team ${team}, ${team}");
  CHECK(x() == R"({"x":"team core, core"})");
  ::setenv("DAYDREAM_TEST_TEAM", "web", 1);
  CHECK(x() == R"({"x":"team web, web"})");
  const auto loaded = load();
  for (const auto& origin : loaded->origins) {
    if (origin.pointer == "/steps/0/config/x")
      CHECK(origin.note == "team from $DAYDREAM_TEST_TEAM, team from $DAYDREAM_TEST_TEAM");
  }
}

TEST_CASE_METHOD(World, "a text that is nothing but a parameter has the type of its default") {
  with(R"("n": {"env": "DAYDREAM_TEST_COUNT", "default": 3}, "yes": {"default": true})", "${n}");
  CHECK(x() == R"({"x":3})");
  ::setenv("DAYDREAM_TEST_COUNT", "12", 1);
  CHECK(x() == R"({"x":12})");
  ::setenv("DAYDREAM_TEST_COUNT", "many", 1);
  CHECK(x() ==
        "/own/m.json:1:45: parameters.n.env: in the environment, DAYDREAM_TEST_COUNT: expected a whole number, as the "
        "default is; got \"many\"");
  with(R"("yes": {"default": true})", "${yes}");
  CHECK(x() == R"({"x":true})");
  with(R"("yes": {"default": true})", "it is ${yes}");
  CHECK(x() == R"({"x":"it is true"})");
}

TEST_CASE_METHOD(World, "two dollars are a text, and what is no parameter's name is left to shells and secrets") {
  with(kTeam, "$${team} ${TOKEN} ${HOME:-x} $team ${team");
  CHECK(x() == R"({"x":"${team} ${TOKEN} ${HOME:-x} $team ${team"})");
}

TEST_CASE_METHOD(World, "what is wrong with a parameter is told") {
  with(kTeam, "${taem}");
  CHECK(x() == "/own/m.json:2:54: steps[0].config.x: no parameter \"taem\"; did you mean \"team\"?");
  with(kTeam, "${colour}");
  CHECK(
      x() ==
      "/own/m.json:2:54: steps[0].config.x: no parameter \"colour\"; declare it in \"parameters\", or write $${colour} "
      "for the text itself");
  with(R"("team": {"env": "DAYDREAM_TEST_TEAM"})", "${team}");
  CHECK(x() ==
        "/own/m.json:1:32: parameters.team: the variable DAYDREAM_TEST_TEAM is not set, and there is no \"default\"");
  with(R"("team": {})", "${team}");
  CHECK(x() == "/own/m.json:1:32: parameters.team: expected \"env\", \"default\" or both: where the value comes from");
  with(R"("Team": {"default": "x"})", "x");
  CHECK(x() == "/own/m.json:1:32: parameters.Team: expected a name of lower-case letters, digits, _ and -, as team");
  with(R"("team": {"default": "coer", "values": ["core", "web"]})", "${team}");
  CHECK(x() ==
        "/own/m.json:1:70: parameters.team.values: \"coer\" (team by default, /own/m.json:1) is none of these; did you "
        "mean \"core\"?");
}

TEST_CASE_METHOD(World, "secrets do not flow through parameters") {
  for (const char* name : {"SENTRY_AUTH_TOKEN", "GITHUB_PASSWORD", "AWS_SECRET_ACCESS_KEY", "MY_KEY"}) {
    with(R"("t": {"env": ")" + std::string(name) + R"("})", "${t}");
    CHECK(x() == "/own/m.json:1:45: parameters.t.env: " + std::string(name) +
                     " is, or looks like, a secret, and parameters are shown: declare it in \"secrets\"");
  }
  with(R"("t": {"env": "DAYDREAM_TEST_TEAM"})", "${t}",
       R"("secrets": {"S": {"env": "DAYDREAM_TEST_TEAM", "hosts": ["x.org"]}},)");
  CHECK_THAT(x(), Catch::Contains("DAYDREAM_TEST_TEAM is, or looks like, a secret"));
  ::setenv("DAYDREAM_TEST_TEAM", "ghp_0123456789abcdefghijklmnopqrstuvwxyzAB", 1);
  with(kTeam, "${team}");
  CHECK(x() ==
        "/own/m.json:1:48: parameters.team.env: in the environment, DAYDREAM_TEST_TEAM: the value looks like a secret, "
        "and parameters are shown: secrets go into \"secrets\"");
  ::unsetenv("DAYDREAM_TEST_TEAM");
  with(kTeam, "x", R"("secrets": {"S": {"file": "/run/${team}", "hosts": ["x.org"]}},)");
  CHECK_THAT(x(), Catch::Contains("secrets: \"${team}\": no parameter stands in \"secrets\"; write it out"));
}

TEST_CASE_METHOD(World, "a variable with control characters is no parameter") {
  ::setenv("DAYDREAM_TEST_TEAM", "a\nb", 1);
  with(kTeam, "${team}");
  CHECK_THAT(x(), Catch::EndsWith("expected one line of text, of at most 4096 bytes"));
}

TEST_CASE_METHOD(World, "an overlay gives a base's parameter another default") {
  write("etc/team.json", R"({"manifest": 1, "parameters": {"team": {"env": "DAYDREAM_TEST_TEAM", "default": "core"}},
    "steps": [{"id": "a", "plugin": "a", "config": {"x": "${team}"}}]})");
  own(R"({"manifest": 1, "extends": ["team"], "parameters": {"team": {"default": "web"}}})");
  CHECK(x() == R"({"x":"web"})");
}

TEST_CASE("a text is written so that filling gives it back") {
  CHECK(manifest::unfilled("a ${b} $${c} $$${d} ${D} ${ $") == "a $${b} $$${c} $$$${d} ${D} ${ $");
}
