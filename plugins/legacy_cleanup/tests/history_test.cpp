// What history proves, and what it remembers of it.
#include "plugins/legacy_cleanup/history.hpp"

#include <stdlib.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "daydream/kit/process.hpp"
#include "plugins/legacy_cleanup/night.hpp"

using namespace daydream;
using namespace daydream::legacy;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

// A repository in which the second commit comments code out.
struct World {
  fs::path path;
  const std::string content = "x = 1\n# call_of_the_wild(1, 2)\n# another_call(3, 4)\n";

  World() {
    std::string name = "/tmp/daydream_legacy_XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
    git({"init", "-q"});
    commit("x = 1\ncall_of_the_wild(1, 2)\nanother_call(3, 4)\n");
    commit(content);
  }
  ~World() { fs::remove_all(path); }

  void git(std::vector<std::string> arguments) const {
    process::Command command;
    arguments.insert(arguments.begin(), {"git", "-C", path.string()});
    command.arguments = std::move(arguments);
    command.extra = {{"GIT_CONFIG_NOSYSTEM", "1"},
                     {"GIT_CONFIG_GLOBAL", "/dev/null"},
                     {"GIT_AUTHOR_NAME", "Ada"},
                     {"GIT_AUTHOR_EMAIL", "ada@example.org"},
                     {"GIT_COMMITTER_NAME", "Ada"},
                     {"GIT_COMMITTER_EMAIL", "ada@example.org"},
                     {"GIT_AUTHOR_DATE", "1700000000 +0000"},
                     {"GIT_COMMITTER_DATE", "1700000100 +0000"}};
    const auto outcome = process::run(command);
    REQUIRE(outcome);
    INFO(outcome->error);
    REQUIRE(outcome->good());
  }
  void commit(const std::string& text) const {
    std::ofstream(path / "a.py", std::ios::binary) << text;
    git({"add", "a.py"});
    git({"commit", "-q", "-m", "change"});
  }

  // Whether a history of that build proves the comment to be code.
  bool proves(History& history) const {
    History::Block block;
    block.line = 2;
    block.comment = {"# call_of_the_wild(1, 2)", "# another_call(3, 4)"};
    block.code = {"call_of_the_wild(1, 2)", "another_call(3, 4)"};
    return history.proofs("a.py", content, {block})[0].has_value();
  }
};

}  // namespace

TEST_CASE("what history has proven to one build another asks for itself") {
  const World world;
  const std::vector<std::string> roots{world.path.string()};
  History first(roots, 60s, "2026-11-22", "one");
  REQUIRE(world.proves(first));
  const auto memory = first.take_fresh();
  REQUIRE(memory.size() == 1);
  // Without a budget nothing is asked: what is known comes from memory.
  for (const std::string build : {"one", "other", ""}) {
    INFO(build);
    History later(roots, 0s, "2026-11-23", build);
    for (const auto& [key, value] : memory) later.remember(key, value);
    CHECK(world.proves(later) == (build == "one"));
  }
  // With one, the answer of the other build is written over.
  History upgraded(roots, 60s, "2026-11-23", "other");
  for (const auto& [key, value] : memory) upgraded.remember(key, value);
  CHECK(world.proves(upgraded));
  const auto anew = upgraded.take_fresh();
  REQUIRE(anew.size() == 1);
  CHECK(anew[0].first == memory[0].first);
}

TEST_CASE("a commit that proofs name is named once, and a night's parts together have them all") {
  const World world;
  History history({world.path.string()}, 60s, "2026-11-22");
  REQUIRE(world.proves(history));
  const std::set<std::string> first = history.take_named();
  CHECK(first.size() == 1);
  CHECK(history.still_there(first));
  CHECK_FALSE(history.still_there({std::string(40, 'b')}));
  REQUIRE(world.proves(history));
  CHECK(history.take_named().empty());

  Night night;
  for (const std::set<std::string>& commits : std::vector<std::set<std::string>>{{"c", "a"}, {}, {"b", "a"}}) {
    Night part;
    part.commits = commits;
    night.append(std::move(part));
  }
  CHECK(night.commits == std::set<std::string>{"a", "b", "c"});
  const auto again = Night::decode(night.encode());
  REQUIRE(again);
  CHECK(again->commits == night.commits);
}
