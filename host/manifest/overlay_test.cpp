// A base and what a team lays over it: presets by name, the machine's base, lists, order.
#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "manifest/load.hpp"
#include "manifest/test_folder.hpp"

using namespace daydream;
using World = testing::Shelved;
using Words = std::vector<std::string>;

TEST_CASE_METHOD(World, "a preset is named, and found on the machine's shelf before the installed one") {
  own(R"({"manifest": 1, "extends": ["web"]})");
  CHECK(load()->pipeline.mode == Mode::kPatch);
  write("etc/web.json", R"({"manifest": 1, "extends": ["web"], "base": "main"})");
  CHECK(load()->pipeline.base == "main");
  CHECK(load()->pipeline.mode == Mode::kPatch);
  CHECK(load()->files.size() == 4);
}

TEST_CASE_METHOD(World, "an unknown preset is told with the nearest and the places looked in") {
  own(R"({"manifest": 1, "extends": ["webb"]})");
  CHECK(why() ==
        "/own/m.json:1:29: extends[0]: no preset \"webb\"; did you mean \"web\"? (looked in /etc, /share/teams, "
        "/share); a file is named with its .json");
}

TEST_CASE_METHOD(World, "the machine's base lies beneath every manifest that is found, not beneath one that is given") {
  write("etc/base.json",
        R"({"manifest": 1, "mode": "observe", "base": "main", "steps": [{"id": "n", "plugin": "n"}]})");
  own(R"({"manifest": 1, "extends": ["web"]})");
  CHECK(load()->pipeline.mode == Mode::kPatch);
  CHECK(load()->pipeline.base == "main");
  CHECK(ids() == "n a z");
  options.given = true;
  CHECK(ids() == "a z");
  CHECK(load()->pipeline.base == "HEAD");
}

TEST_CASE_METHOD(World, "the machine's base takes the place of the shipped pipeline where it has steps") {
  options.fallback = true;
  write("own/m.json", R"({"manifest": 1, "steps": [{"id": "shipped", "plugin": "a"}]})");
  write("etc/base.json", R"({"manifest": 1, "mode": "observe"})");
  CHECK(ids() == "shipped");
  CHECK(load()->pipeline.mode == Mode::kObserve);
  write("etc/base.json", R"({"manifest": 1, "steps": [{"id": "machine", "plugin": "a"}]})");
  CHECK(ids() == "machine");
  CHECK(load()->main_file == (path() / "etc/base.json").native());
}

TEST_CASE_METHOD(World, "a machine's base that others may write is refused") {
  write("etc/base.json", R"({"manifest": 1})");
  own(R"({"manifest": 1, "extends": ["web"]})");
  ::chmod((path() / "etc/base.json").c_str(), 0666);
  CHECK(why() ==
        "/etc/base.json: others may write it, so it cannot be a base for every repository; chmod go-w it, and give it "
        "to root");
}

TEST_CASE_METHOD(World, "a list is changed by what it gains and loses") {
  write("etc/team.json",
        R"({"manifest": 1, "extends": ["daydream"], "verify": {"command": ["pytest", "-q", "-x"]},
            "workspace": {"link": [".venv"], "setup": [["make", "a"], ["make", "b"]]},
            "hosts": {"a": ["x.org"]}, "steps": [{"id": "a", "config": {"list": [1, {"k": 2}]}}]})");
  own(R"({"manifest": 1, "extends": ["team"], "verify": {"command": {"remove": ["-x"], "append": ["-v"]}},
          "workspace": {"link": {"append": ["node_modules"]}, "setup": {"remove": [["make", "a"]]}},
          "hosts": {"a": {"append": ["y.org"]}, "z": {"append": ["z.org"]}},
          "steps": [{"id": "a", "config": {"list": {"remove": [{"k": 2}], "append": [3]}},
                     "paths": {"append": ["/var/log/x"]}}]})");
  const auto loaded = load();
  REQUIRE(loaded.ok());
  CHECK(loaded->pipeline.verify.command == Words{"pytest", "-q", "-v"});
  CHECK(loaded->pipeline.workspace.link == Words{".venv", "node_modules"});
  CHECK(loaded->pipeline.workspace.setup == std::vector<Words>{{"make", "b"}});
  CHECK(loaded->pipeline.hosts.at("a") == Words{"x.org", "y.org"});
  CHECK(loaded->pipeline.hosts.at("z") == Words{"z.org"});
  CHECK(loaded->pipeline.steps.at(0).config == R"({"list":[1,3]})");
  CHECK(loaded->pipeline.steps.at(0).paths == Words{"/var/log/x"});
}

TEST_CASE_METHOD(World, "operations upon a list that only the plugin knows are joined and wait") {
  write("etc/team.json", R"({"manifest": 1, "extends": ["daydream"],
    "steps": [{"id": "a", "config": {"ignore": {"append": ["x", "y"], "remove": ["p"]}}}]})");
  own(R"({"manifest": 1, "extends": ["team"],
    "steps": [{"id": "a", "config": {"ignore": {"remove": ["y", "q"], "append": ["z"]}}}]})");
  CHECK(load()->pipeline.steps.at(0).config == R"({"ignore":{"append":["x","z"],"remove":["p","q"]}})");
}

TEST_CASE_METHOD(World, "what cannot be removed is told with the list's place and the nearest element") {
  write("etc/team.json",
        "{\"manifest\": 1, \"extends\": [\"daydream\"],\n \"verify\": {\"command\": [\"make\", \"test\"]}}");
  own(R"({"manifest": 1, "extends": ["team"], "verify": {"command": {"remove": ["tests"]}}})");
  CHECK(why() ==
        "/own/m.json:1:72: verify.command.remove[0]: no element \"tests\" in the list so far, of /etc/team.json:2; did "
        "you mean \"test\"?");
  own(R"({"manifest": 1, "extends": ["team"], "steps": {"remove": ["aa"]}})");
  CHECK(why() == "/own/m.json:1:59: steps.remove[0]: no step \"aa\" so far");
  own(R"({"manifest": 1, "extends": ["team"], "steps": [{"id": "a", "config": {"o": 1}}]})");
  write("own/up.json", R"({"manifest": 1})");
  CHECK(why() == "accepted");
}

TEST_CASE_METHOD(World, "an operation upon what is no list is refused with both places") {
  write("etc/team.json", R"({"manifest": 1, "extends": ["daydream"], "steps": [{"id": "a", "config": {"o": 1}}]})");
  own(R"({"manifest": 1, "extends": ["team"], "steps": [{"id": "a", "config": {"o": {"append": [2]}}}]})");
  CHECK(why() ==
        "/own/m.json:1:76: steps[0].config.o: nothing to append to or remove from: what /etc/team.json:1 says is no "
        "list, but 1");
}

TEST_CASE_METHOD(World, "steps are left out and added like the elements of any list") {
  own(R"({"manifest": 1, "extends": ["daydream"], "steps": {"remove": ["a"], "append": [{"id": "n", "plugin": "n"}]}})");
  CHECK(ids() == "z n");
  own(R"({"manifest": 1, "extends": ["daydream"], "steps": {"append": [{"id": "a", "plugin": "n"}]}})");
  CHECK(why() ==
        "/own/m.json:1:70: steps.append[0].id: a step with this id is there already, at /share/daydream.json:1; to "
        "change it, name it in a plain list of steps");
}

TEST_CASE_METHOD(World, "a step named twice in one file is refused, in a plain list and in what is appended") {
  own(R"({"manifest": 1, "extends": ["daydream"], "steps": [{"id": "a"}, {"id": "a", "timeout": "1m"}]})");
  CHECK(why() == "/own/m.json:1:72: steps[1].id: a second step with this id; ids are unique (the first: line 1)");
  own(R"({"manifest": 1, "steps": {"append": [{"id": "b", "plugin": "b"}, {"id": "b"}]}})");
  CHECK(why() ==
        "/own/m.json:1:73: steps.append[1].id: a second step with this id; ids are unique (the first: line 1)");
}

TEST_CASE_METHOD(World, "before and after place a step, also one that was there") {
  const auto order = [this](const std::string& steps) {
    own(R"({"manifest": 1, "extends": ["daydream"], "steps": [)" + steps + "]}");
    return ids();
  };
  CHECK(order(R"({"id": "n", "plugin": "n", "after": "a"})") == "a n z");
  CHECK(order(R"({"id": "n", "plugin": "n", "before": "a"})") == "n a z");
  CHECK(order(R"({"id": "n", "plugin": "n", "before": ["a", "z"]})") == "n a z");
  CHECK(order(R"({"id": "n", "plugin": "n", "after": ["a", "z"]})") == "a z n");
  CHECK(order(R"({"id": "n", "plugin": "n", "after": "a"}, {"id": "o", "plugin": "o", "after": "a"})") == "a n o z");
  CHECK(order(R"({"id": "n", "plugin": "n", "before": "z"}, {"id": "o", "plugin": "o", "before": "z"})") == "a n o z");
  CHECK(order(R"({"id": "n", "plugin": "n", "after": "o"}, {"id": "o", "plugin": "o", "after": "a"})") == "a o n z");
  CHECK(order(R"({"id": "n", "plugin": "n", "after": "a", "before": "z"})") == "a n z");
  CHECK(order(R"({"id": "a", "after": "z"})") == "z a");
}

TEST_CASE_METHOD(World, "orders that cannot be kept are explained") {
  const auto order = [this](const std::string& steps) {
    own("{\"manifest\": 1, \"extends\": [\"daydream\"], \"steps\": [\n" + steps + "]}");
    return why();
  };
  CHECK(order(R"({"id": "n", "plugin": "n", "after": "aa"})") ==
        "/own/m.json:2:37: steps[0].after: no step \"aa\"; there are a, z, n");
  CHECK(order(R"({"id": "n", "plugin": "n", "after": "n"})") ==
        "/own/m.json:2:37: steps[0].after: a step cannot stand after itself");
  CHECK(order(R"({"id": "n", "plugin": "n", "after": "z", "before": ["a"]})") ==
        "/own/m.json:2:53: steps[0].before[0]: \"n\" cannot stand before \"a\" and after \"z\" (/own/m.json:2): \"z\" "
        "does not stand before \"a\"");
  CHECK(order("{\"id\": \"n\", \"plugin\": \"n\", \"after\": \"o\"},\n{\"id\": \"o\", \"plugin\": \"o\", \"after\": "
              "\"n\"}") ==
        "/own/m.json:3:37: steps[1].after: an order that comes round: \"n\" after \"o\" (/own/m.json:2), \"o\" after "
        "\"n\" (/own/m.json:3)");
}
