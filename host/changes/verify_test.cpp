#include "changes/verify.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <fstream>

#include "base/files.hpp"
#include "changes/verification.hpp"
#include "changes/world_for_tests.hpp"

namespace daydream::changes {

using testing::replace;
using testing::slurp;
using testing::World;
namespace fs = std::filesystem;

namespace {

// a.py has the lines 1..n; finding i turns line "n<i>;" into "N<i>;".
struct Numbered {
  explicit Numbered(int count) {
    world.init();
    for (int i = 1; i <= count; ++i) text += "n" + std::to_string(i) + ";\nkeep\n";
    world.write("a.py", text);
    world.commit_all();
    tree = world.open();
    draft = std::make_unique<Draft>(*tree);
    for (int i = 1; i <= count; ++i) {
      auto number = static_cast<FindingNumber>(i);
      std::string name = std::to_string(i) + ";";
      REQUIRE(draft->add(replace("a.py", text, "n" + name, "N" + name, number)).ok());
      wanted.insert(number);
    }
    options.timeout = std::chrono::seconds(20);
  }
  Bisected check(const std::string& script) {
    options.command = {"/bin/sh", "-c", script};
    auto result = verify_changes(*tree, *draft, wanted, options);
    INFO((result.ok() ? "" : result.error().message()));
    REQUIRE(result.ok());
    return std::move(*result);
  }
  World world;
  std::string text;
  std::unique_ptr<SourceTree> tree;
  std::unique_ptr<Draft> draft;
  std::set<FindingNumber> wanted;
  VerifyOptions options;
};

}  // namespace

TEST_CASE("a command that is not there is red, one that cannot be started just now is no verdict at all") {
  const auto missing = verification::run_command("/", {"/no/such/program"}, {});
  REQUIRE(missing.ok());
  CHECK_FALSE(missing->good);
  rlimit usual{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &usual) == 0);
  const int next = dup(0);
  close(next);
  const rlimit none_left{static_cast<rlim_t>(next), usual.rlim_max};
  REQUIRE(setrlimit(RLIMIT_NOFILE, &none_left) == 0);
  const auto now = verification::run_command("/", {"/bin/true"}, {});
  REQUIRE(setrlimit(RLIMIT_NOFILE, &usual) == 0);
  REQUIRE_FALSE(now.ok());
  CHECK(now.error().kind() == ErrorKind::kRetry);
}

TEST_CASE("changes that pass are run once and stay") {
  Numbered numbered(5);
  auto result = numbered.check("grep -q 'N5;' a.py");
  CHECK(result.dropped.empty());
  CHECK(result.runs == 1);
  CHECK(numbered.tree->read("a.py").value().find("N1;") != std::string::npos);
}

TEST_CASE("the one change at fault is found in few runs, wherever it is, and the rest stays") {
  constexpr int kCount = 16;
  Numbered numbered(kCount);
  for (int bad : {1, 7, 16}) {
    std::string name = "N" + std::to_string(bad) + ";";
    auto result = numbered.check("if grep -q '" + name + "' a.py; then echo broken by it >&2; exit 3; fi");
    CHECK(result.dropped == std::set<FindingNumber>{static_cast<FindingNumber>(bad)});
    CHECK(result.runs <= 2 * std::log2(kCount) + 2);
    CHECK(result.words.find("exit 3") != std::string::npos);
    CHECK(result.words.find("broken by it") != std::string::npos);
    auto left = numbered.tree->read("a.py").value();
    CHECK(left.find(name) == std::string::npos);
    CHECK(left.find(bad == 2 ? "N3;" : "N2;") != std::string::npos);
  }
}

TEST_CASE("two changes that fail only together lose one, two bad ones are both found") {
  Numbered numbered(8);
  CHECK(numbered.check("! { grep -q 'N2;' a.py && grep -q 'N6;' a.py; }").dropped.size() == 1);
  CHECK(numbered.check("! grep -q -e 'N2;' -e 'N6;' a.py").dropped == std::set<FindingNumber>{2, 6});
}

TEST_CASE("what is red without any change proves nothing: all are dropped") {
  Numbered numbered(4);
  auto result = numbered.check("exit 1");
  CHECK(result.dropped == numbered.wanted);
  CHECK(result.runs == 2);
  CHECK(numbered.tree->read("a.py").value() == numbered.text);
}

TEST_CASE("a test that writes over tracked files does not change what is published") {
  Numbered numbered(4);
  auto result =
      numbered.check("cp a.py seen; if grep -q 'N3;' a.py; then echo spoiled > a.py; exit 1; fi; echo spoiled > a.py");
  CHECK(result.dropped == std::set<FindingNumber>{3});
  auto left = numbered.tree->read("a.py").value();
  CHECK(left.find("N1;\nkeep\nN2;\nkeep\nn3;\nkeep\nN4;\n") == 0);
  REQUIRE(numbered.tree->reset(numbered.tree->commit()).ok());
  CHECK(numbered.tree->read("a.py").value() == numbered.text);
  CHECK_FALSE(fs::exists(numbered.tree->path() / "seen"));
}

TEST_CASE("the command runs in the private tree without secrets or git's variables") {
  Numbered numbered(1);
  for (const char* name : {"SENTRY_AUTH_TOKEN", "my_secret", "AWS_ACCESS_KEY_ID", "DB_PASSWORD", "GIT_DIR"}) {
    ::setenv(name, "canary-value", 1);
  }
  ::setenv("DAYDREAM_PLAIN", "seen", 1);
  numbered.options.command = {"/bin/sh", "-c", "env > env.txt; pwd > pwd.txt"};
  auto verdict = verify(*numbered.tree, numbered.options);
  for (const char* name : {"SENTRY_AUTH_TOKEN", "my_secret", "AWS_ACCESS_KEY_ID", "DB_PASSWORD", "GIT_DIR"}) {
    ::unsetenv(name);
  }
  REQUIRE(verdict.ok());
  CHECK(verdict->good);
  CHECK(slurp(numbered.tree->path() / "env.txt").find("canary-value") == std::string::npos);
  CHECK(slurp(numbered.tree->path() / "env.txt").find("DAYDREAM_PLAIN=seen") != std::string::npos);
  CHECK(slurp(numbered.tree->path() / "pwd.txt") == numbered.tree->path().string() + "\n");
}

TEST_CASE("red says how: exit, time-out, a program that is not there, and the tail of what it printed") {
  Numbered numbered(1);
  auto words = [&](std::vector<std::string> command) {
    numbered.options.command = std::move(command);
    auto verdict = verify(*numbered.tree, numbered.options);
    REQUIRE(verdict.ok());
    CHECK_FALSE(verdict->good);
    return verdict->words;
  };
  CHECK(words({"/bin/sh", "-c", "echo one; echo two; exit 4"}).find("exit 4\none\ntwo") != std::string::npos);
  CHECK(words({"no-such-program"}).find("no-such-program") != std::string::npos);
  CHECK(words({"/bin/sh", "-c", "yes | head -n 200000; echo last; exit 1"}).size() < 6000);
  CHECK(words({"/bin/sh", "-c", "printf '\\033[31mred'; exit 1"}).find('\x1b') == std::string::npos);
  numbered.options.timeout = std::chrono::milliseconds(50);
  CHECK(words({"/bin/sh", "-c", "exec sleep 100"}).find("timed out") != std::string::npos);
}

TEST_CASE("nothing to verify is said as none, asked to stop is an error of its own") {
  Numbered numbered(1);
  CHECK(verify(*numbered.tree, numbered.options)->words == "none");
  numbered.options.command = {"/bin/sh", "-c", "exec sleep 100"};
  numbered.options.cancelled = [] { return true; };
  CHECK(verify(*numbered.tree, numbered.options).error().kind() == ErrorKind::kCancelled);
}

TEST_CASE("the workspace: links lead to the live folders, setup runs once a base, both survive a reset") {
  World world;
  world.init();
  world.write("a.py", "a\n");
  world.write(".gitignore", ".venv/\n");
  auto one = world.commit_all();
  world.write(".venv/bin/tool", "x");
  auto tree = world.open();
  Path count = world.root() / "count";
  WorkspaceOptions options;
  options.link = {".venv", "missing", "a.py", "../out"};
  options.setup = {{"/bin/sh", "-c", "echo run >> " + count.string() + "; mkdir made; echo x > 'made/a file'"}};
  options.timeout = std::chrono::seconds(20);
  auto notes = prepare_workspace(*tree, options);
  REQUIRE(notes.ok());
  CHECK(notes->size() == 3);
  CHECK(fs::read_symlink(tree->path() / ".venv") == world.live() / ".venv");
  REQUIRE(tree->write("a.py", "b\n").ok());
  REQUIRE(tree->reset(one).ok());
  CHECK(fs::exists(tree->path() / ".venv/bin/tool"));
  CHECK(fs::exists(tree->path() / "made/a file"));
  REQUIRE(prepare_workspace(*tree, options).ok());
  CHECK(slurp(count) == "run\n");
  CHECK(world.read(".venv/bin/tool") == "x");
  world.write("a.py", "c\n");
  REQUIRE(tree->reset(world.commit_all()).ok());
  REQUIRE(prepare_workspace(*tree, options).ok());
  CHECK(slurp(count) == "run\nrun\n");
}

TEST_CASE("a setup that fails is said, and tried again at the next start") {
  World world;
  world.init();
  world.write("a.py", "a\n");
  world.commit_all();
  auto tree = world.open();
  WorkspaceOptions options;
  options.setup = {{"/bin/sh", "-c", "echo no network >&2; exit 7"}};
  options.timeout = std::chrono::seconds(20);
  for (int start = 0; start < 2; ++start) {
    auto notes = prepare_workspace(*tree, options);
    REQUIRE(notes.ok());
    REQUIRE(notes->size() == 1);
    CHECK(notes->at(0).find("exit 7\nno network") != std::string::npos);
  }
}

}  // namespace daydream::changes
