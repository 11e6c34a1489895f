// Keys that an administrator keeps.
#include <catch2/catch.hpp>

#include "manifest/load.hpp"
#include "manifest/test_folder.hpp"

using namespace daydream;

namespace {

struct World : testing::Shelved {
  // What an overlay of `members` upon a base that keeps `final` is told.
  std::string upon(const std::string& final, const std::string& members) const {
    base(final);
    own("{\"manifest\": 1, \"extends\": [\"team\"],\n" + members + "}");
    return why();
  }
  void base(const std::string& final) const {
    write("etc/team.json",
          "{\"manifest\": 1, \"extends\": [\"daydream\"],\n\"final\": [\"" + final +
              "\"], \"mode\": \"patch\", \"verify\": {\"command\": [\"make\"]},\n\"steps\": [{\"id\": \"a\", "
              "\"timeout\": \"1m\", \"config\": {\"deep\": {\"x\": 1}}}]}");
  }
};

std::string breach(const std::string& place, const std::string& key) {
  return "/own/m.json:" + place + ": final: only /etc/team.json and what it extends may say \"" + key +
         "\" (/etc/team.json:2); leave it out here";
}

}  // namespace

TEST_CASE_METHOD(World, "a final key is refused with both places, whatever way it is touched") {
  CHECK(upon("mode", R"("mode": "branch")") == breach("2:9: mode", "mode"));
  CHECK(upon("hosts", R"("hosts": {"a": ["x.org"]})") == breach("2:16: hosts.a", "hosts"));
  CHECK(upon("verify", R"("verify": {"timeout": "1m"})") == breach("2:23: verify.timeout", "verify"));
  CHECK(upon("verify.command", R"("verify": {"command": {"append": ["x"]}})") ==
        breach("2:23: verify.command", "verify.command"));
  CHECK(upon("steps.a", R"("steps": [{"id": "a", "plugin": "b"}])") == breach("2:33: steps[0].plugin", "steps.a"));
  CHECK(upon("steps.a", R"("steps": {"remove": ["a"]})") == breach("2:22: steps.remove[0]", "steps.a"));
  CHECK(upon("steps.a.timeout", R"("steps": [{"id": "a", "timeout": "9m"}])") ==
        breach("2:34: steps[0].timeout", "steps.a.timeout"));
  CHECK(upon("steps.a.config.deep", R"("steps": [{"id": "a", "config": {"deep": {"y": 2}}}])") ==
        breach("2:48: steps[0].config.deep.y", "steps.a.config.deep"));
  CHECK(upon("steps.a.config.deep.x", R"("steps": [{"id": "a", "config": {"deep": 5}}])") ==
        breach("2:42: steps[0].config.deep", "steps.a.config.deep.x"));
  CHECK(upon("steps", R"("steps": [{"id": "n", "plugin": "n"}])") == breach("2:10: steps", "steps"));
}

TEST_CASE_METHOD(World, "what is not final may be said beside it") {
  CHECK(upon("mode", R"("base": "main")") == "accepted");
  CHECK(upon("steps.a", R"("steps": [{"id": "a"}, {"id": "n", "plugin": "n"}])") == "accepted");
  CHECK(upon("steps.a.timeout", R"("steps": [{"id": "a", "config": {"deep": {"y": 2}}}])") == "accepted");
  CHECK(upon("verify.command", R"("verify": {"timeout": "1m"})") == "accepted");
}

TEST_CASE_METHOD(World, "who comes before the file that keeps a key may not fill it either") {
  base("hosts");
  write("own/before.json", R"({"manifest": 1, "hosts": {"a": ["x.org"]}})");
  own(R"({"manifest": 1, "extends": ["before.json", "team"]})");
  CHECK(why() ==
        "/own/before.json:1:32: hosts.a: final: only /etc/team.json and what it extends may say \"hosts\" "
        "(/etc/team.json:2); leave it out here");
}

TEST_CASE_METHOD(World, "a parameter that a final key uses is final with it") {
  write("etc/team.json", R"({"manifest": 1, "extends": ["daydream"], "final": ["base"], "base": "${branch}",
    "parameters": {"branch": {"default": "main"}}})");
  own(R"({"manifest": 1, "extends": ["team"], "parameters": {"branch": {"default": "evil"}}})");
  CHECK(why() ==
        "/own/m.json:1:75: parameters.branch.default: final: only /etc/team.json and what it extends may say \"base\" "
        "(/etc/team.json:1); leave it out here");
}

TEST_CASE_METHOD(World, "a final key that means nothing is told with the nearest") {
  CHECK(upon("mod", "\"base\": \"x\"") == "/etc/team.json:2:11: final[0]: no key \"mod\"; did you mean \"mode\"?");
  CHECK(upon("steps.b", "\"base\": \"x\"") == "/etc/team.json:2:11: final[0]: no step \"b\"; it could be a, z");
  CHECK(upon("steps.a.timeot", "\"base\": \"x\"") ==
        "/etc/team.json:2:11: final[0]: no key \"timeot\"; did you mean \"timeout\"?");
  CHECK(upon("verify.comand", "\"base\": \"x\"") ==
        "/etc/team.json:2:11: final[0]: no key \"comand\"; did you mean \"command\"?");
  CHECK(upon("steps.a.max_attempts", "\"base\": \"x\"") ==
        "/etc/team.json:2:11: final[0]: what has no value cannot be final: give the step its \"max_attempts\" here");
}
