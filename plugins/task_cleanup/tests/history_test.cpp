// What is asked of a real repository: whether a word stands there besides in the comment that names it, and who
// took words away.
#include "plugins/task_cleanup/history.hpp"

#include <stdlib.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

using namespace daydream;
using namespace daydream::tasks;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

struct World {
  fs::path path;

  World() {
    std::string name = "/tmp/daydream_tasks_XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
    git({"init", "-q"});
  }
  ~World() { fs::remove_all(path); }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  void git(std::vector<std::string> arguments) const {
    process::Command command;
    arguments.insert(arguments.begin(), {"git", "-C", path.string()});
    command.arguments = std::move(arguments);
    command.extra = {{"GIT_CONFIG_NOSYSTEM", "1"},  {"GIT_CONFIG_GLOBAL", "/dev/null"},
                     {"GIT_AUTHOR_NAME", "Ada"},    {"GIT_AUTHOR_EMAIL", "ada@example.org"},
                     {"GIT_COMMITTER_NAME", "Ada"}, {"GIT_COMMITTER_EMAIL", "ada@example.org"}};
    const auto outcome = process::run(command);
    REQUIRE(outcome);
    INFO(outcome->error);
    REQUIRE(outcome->good());
  }
  void commit(const std::string& file, const std::string& content, const std::string& message = "change") const {
    std::ofstream(path / file, std::ios::binary) << content;
    git({"add", "-A"});
    git({"commit", "-q", "-m", message});
  }
  [[nodiscard]] History history() const { return {{path.string()}, 60s}; }
};

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

const std::string kOwn = "TODO: remove old_parser()";

}  // namespace

TEST_CASE("a comment that names a word is no use of it, however often it stands there") {
  const World world;
  world.commit("a.py", repeated("# TODO:  remove old_parser()\n", 200));
  {
    History history = world.history();
    CHECK(history.word_at(history.head(), "old_parser", false, kOwn) == Presence::kAbsent);
    CHECK(history.word_at(history.head(), "old_parser", false) == Presence::kPresent);
    CHECK(history.word_at(history.head(), "another", false, kOwn) == Presence::kAbsent);
    CHECK(history.word_at(std::string(40, 'b'), "old_parser", false, kOwn) == Presence::kUnknown);
  }
  // A use below all of them counts.
  world.commit("a.py", repeated("# TODO: remove old_parser()\n", 200) + "old_parser()\n");
  History history = world.history();
  CHECK(history.word_at(history.head(), "old_parser", false, kOwn) == Presence::kPresent);
}

TEST_CASE("of more lines than are read nothing is said, unless one of those is a use") {
  const World world;
  const std::string many = repeated("# " + kOwn + " " + std::string(99, '-') + "\n", 10000);
  world.commit("b.py", many);
  {
    History history = world.history();
    CHECK(history.word_at(history.head(), "old_parser", false, kOwn) == Presence::kUnknown);
    CHECK(history.word_at(history.head(), "old_parser", false) == Presence::kPresent);
  }
  world.commit("a.py", "old_parser()\n");
  History history = world.history();
  CHECK(history.word_at(history.head(), "old_parser", false, kOwn) == Presence::kPresent);
}

TEST_CASE("words that a commit of ours took away were taken by nobody") {
  const World world;
  world.commit("a.c", "// TODO: handle empty input\n// TODO: handle full input\nint a;\n");
  world.commit("a.c", "// TODO: handle full input\nint a;\n", "Theirs");
  world.commit("a.c", "int a;\n", "Ours\n\nDaydream-Run: 2026-11-22");
  History history = world.history();
  const auto theirs = history.deleted_text("a.c", "handle empty input");
  REQUIRE(theirs);
  CHECK(theirs->subject == "Theirs");
  // Nor by the commit that wrote them.
  CHECK_FALSE(history.deleted_text("a.c", "handle full input"));
}
