// `daydream init` on repositories of many kinds: what it writes validates, its verify has been tried, and a night runs.
#include <catch2/catch.hpp>
#include <csignal>

#include "support/world.hpp"

using daydream::testing::contains;
using daydream::testing::Ran;
using daydream::testing::World;
namespace fs = std::filesystem;

namespace {

constexpr const char* kFile = ".daydream/pipeline.json";

// Programs of this kind need no package: a script that stands for the team's.
void fake_program(World& world, const std::string& name, const std::string& body) {
  const fs::path folder = world.root() / "bin";
  daydream::testing::write_file(folder / name, "#!/bin/sh\n" + body);
  fs::permissions(folder / name, fs::perms::owner_all);
  if (!contains(world.environment["PATH"], folder.string()))
    world.environment["PATH"] = folder.string() + ":" + world.environment["PATH"];
}

Ran init(const World& world, std::vector<std::string> more = {}) {
  more.insert(more.begin(), "init");
  return world.daydream(more);
}

// Written, valid, trusted.
std::string written(const World& world, std::vector<std::string> more = {}) {
  const Ran ran = init(world, std::move(more));
  INFO(ran.out << ran.err);
  REQUIRE(ran.exit_code == 0);
  const std::string manifest = world.read(kFile);
  INFO(manifest);
  const Ran valid = world.daydream({"validate"});
  INFO(valid.out << valid.err);
  REQUIRE(valid.exit_code == 0);
  return manifest;
}

void seed(World& world, const std::vector<std::pair<std::string, std::string>>& files) {
  world.init_git();
  for (const auto& [path, content] : files) world.write(path, content);
  world.commit("start");
}

}  // namespace

TEST_CASE("init: a Python project with pytest in a shared .venv, its night is verified by it") {
  World world;
  seed(world, {{".gitignore", ".venv/\n"},
               {"shop/cart.py", "import os\n\n\ndef total(a):\n    return a\n"},
               {"tests/test_cart.py", "import pytest\n\n\ndef test_total():\n    assert True\n"}});
  // Stands for an interpreter: green where the code is there, as in a copy of the repository.
  daydream::testing::write_file(world.repository() / ".venv/bin/python",
                                "#!/bin/sh\n[ \"$*\" = '-m pytest -q' ] && grep -q 'def total' shop/cart.py\n");
  fs::permissions(world.repository() / ".venv/bin/python", fs::perms::owner_all);
  const std::string before = world.users_view();
  const Ran ran = init(world);
  INFO(ran.out << ran.err << world.read(kFile));
  REQUIRE(ran.exit_code == 0);
  CHECK(contains(ran.out, "tests/test_cart.py:1 says pytest; .venv is there"));
  CHECK(contains(ran.out, "green in "));
  CHECK(contains(ran.err, "trying in a fresh copy of the repository: .venv/bin/python -m pytest -q"));
  CHECK(contains(world.read(kFile),
                 R"("verify": {"command": [".venv/bin/python", "-m", "pytest", "-q"], "timeout": "15m"})"));
  CHECK(contains(world.read(kFile), R"("workspace": {"link": [".venv"]})"));
  CHECK_FALSE(contains(world.git({"worktree", "list"}), "\n"));
  CHECK(world.daydream({"validate"}).exit_code == 0);
  const Ran night = world.run();
  INFO(night.out << night.err);
  CHECK(night.exit_code == 0);
  CHECK(contains(world.git({"log", "-1", "--format=%B", "daydream/2026-11-22"}),
                 "Daydream-Verified: .venv/bin/python -m pytest -q"));
  fs::remove_all(world.repository() / ".daydream");
  fs::remove_all(world.repository() / "logs");
  world.git({"branch", "-D", "daydream/2026-11-22"});
  CHECK(world.users_view() == before);
}

TEST_CASE("init: a src layout is tested where the night changes it, not where the live copy is installed") {
  World world;
  seed(world, {{"src/shop/cart.py", "x = 1\n"}, {"tests/test_cart.py", "def test_x():\n    assert True\n"}});
  fake_program(world, "python3", "[ \"$PYTHONPATH\" = src ]\n");
  CHECK(contains(written(world), R"(["env", "PYTHONPATH=src", "python3", "-m", "pytest", "-q"])"));
}

TEST_CASE("init: unittest is started where discovery finds it") {
  World world;
  seed(world, {{"cart.py", "x = 1\n"},
               {"tests/test_cart.py",
                "import unittest\n\n\nclass T(unittest.TestCase):\n    def test_x(self):\n        pass\n"}});
  fake_program(world, "python3", "[ \"$*\" = '-m unittest discover -s tests' ]\n");
  CHECK(contains(written(world), R"(["python3", "-m", "unittest", "discover", "-s", "tests"])"));
}

TEST_CASE("init: a front end: npm test with the node_modules that lie there, watchers are told that nobody watches") {
  World world;
  seed(world,
       {{".gitignore", "node_modules/\n"},
        {"package.json", R"({"name": "till", "scripts": {"test": "vitest"}, "devDependencies": {"vitest": "1"}})"},
        {"package-lock.json", "{}"},
        {"src/till.js", "export const a = 1;\n"}});
  world.write("node_modules/vitest/index.js", "");
  fake_program(world, "npm", "[ \"$CI\" = true ] && [ -f node_modules/vitest/index.js ]\n");
  const std::string manifest = written(world);
  CHECK(contains(manifest, R"("command": ["env", "CI=true", "npm", "test", "--silent"])"));
  CHECK(contains(manifest, R"("link": ["node_modules"])"));
}

TEST_CASE("init: without node_modules the lock file says how to install, a default test script is none") {
  World world;
  seed(world, {{"package.json", R"({"scripts": {"test": "jest"}, "dependencies": {"a": "1"}})"},
               {"pnpm-lock.yaml", "x"},
               {"a.ts", "let a = 1;\n"}});
  fake_program(world, "pnpm", "if [ \"$1\" = install ]; then touch installed; else [ -f installed ]; fi\n");
  const std::string manifest = written(world);
  CHECK(contains(manifest, R"("setup": [["pnpm", "install", "--frozen-lockfile"]])"));
  CHECK(contains(manifest, R"("command": ["pnpm", "test"])"));
  CHECK_FALSE(world.has("installed"));

  World missing;
  seed(missing, {{"package.json", R"({"scripts": {"test": "jest"}, "devDependencies": {"jest": "1"}})"}});
  fake_program(missing, "npm", "echo 'sh: 1: jest: not found' >&2; exit 127\n");
  CHECK(contains(written(missing), "//   packages are missing: npm install (with node_modules/ in .gitignore)"));

  World other;
  seed(other, {{"package.json", R"({"scripts": {"test": "echo \"Error: no test specified\" && exit 1"}})"}});
  CHECK(contains(written(other), "// No verify: nothing here says how it is tested."));
}

TEST_CASE("init: C++ by CMake: the tests' option is switched on, the build lies beside what git tracks") {
  World world;
  seed(world, {{"CMakeLists.txt",
                "cmake_minimum_required(VERSION 3.20)\nproject(pair NONE)\noption(PAIR_BUILD_TESTS \"tests\" OFF)\n"
                "if(PAIR_BUILD_TESTS)\n  include(CTest)\n  add_test(NAME is_there COMMAND test -f "
                "${CMAKE_SOURCE_DIR}/src/pair.cpp)\nendif()\n"},
               {"src/pair.cpp", "int pair() { return 2; }\n"},
               {"build/notes.txt", "tracked\n"}});
  const std::string manifest = written(world);
  CHECK(
      contains(manifest,
               R"(["cmake", "-S", ".", "-B", "build-daydream", "-DCMAKE_BUILD_TYPE=Debug", "-DPAIR_BUILD_TESTS=ON"])"));
  CHECK(contains(manifest, "ctest --test-dir build-daydream --output-on-failure --no-tests=error"));
  CHECK(contains(manifest, R"("timeout": "30m")"));
}

TEST_CASE("init: Rust and Go by their own tools") {
  World rust;
  seed(rust, {{"Cargo.toml", "[workspace]\nmembers = [\"a\"]\n"}, {"Cargo.lock", ""}, {"a/src/lib.rs", "fn a() {}\n"}});
  fake_program(rust, "cargo", "exit 0\n");
  CHECK(contains(written(rust), R"(["cargo", "test", "--quiet", "--workspace", "--locked"])"));
  World go;
  seed(go, {{"go.work", "go 1.22\nuse (\n\t./api\n\t./cli\n)\n"},
            {"api/go.mod", "module api\n"},
            {"api/a_test.go", "package a\n"},
            {"cli/go.mod", "module cli\n"}});
  fake_program(go, "go", "exit 0\n");
  CHECK(contains(written(go), R"(["go", "test", "./api/...", "./cli/..."])"));
}

TEST_CASE("init: one command that a team wrote for all its languages comes first") {
  World world;
  seed(world, {{"Makefile", "test:= no\n.PHONY: test\nbuild:\n\ttrue\ntest: build\n\ttest -f a.py\n"},
               {"a.py", "x = 1\n"},
               {"test_a.py", "import pytest\n"},
               {"package.json", R"({"scripts": {"test": "jest"}})"},
               {"b.js", "let a;\n"}});
  const std::string manifest = written(world);
  CHECK(contains(manifest, R"("command": ["make", "test"])"));
  CHECK(contains(manifest, "// Makefile:5 has the target \"test\"."));
}

TEST_CASE("init: a monorepo: the parts in one command, a red part is left out and its output is told") {
  World world;
  seed(world, {{"services/pay/requirements.txt", ""},
               {"services/pay/pay.py", "x = 1\n"},
               {"services/pay/test_pay.py", "import pytest\n"},
               {"web front/package.json", R"({"scripts": {"test": "jest"}})"},
               {"web front/a.js", "let a;\n"},
               {"examples/one/package.json", R"({"scripts": {"test": "false"}})"}});
  fake_program(world, "python3", "case $2 in pytest) [ -f pay.py ];; *) exit 1;; esac\n");
  fake_program(world, "npm", "exit 0\n");
  CHECK(contains(written(world),
                 R"("sh", "-c", "env -C 'web front' npm test --silent && env -C services/pay python3 -m pytest -q")"));
  fs::remove_all(world.repository() / ".daydream");
  fake_program(world, "npm", "echo 2 failing; exit 3\n");
  const Ran ran = init(world);
  INFO(ran.out << ran.err << world.read(kFile));
  CHECK(contains(world.read(kFile), R"("command": ["env", "-C", "services/pay", "python3", "-m", "pytest", "-q"])"));
  CHECK(contains(ran.out, "| 2 failing"));
}

TEST_CASE("init: red tests are left out, with the end of their output and what to take away") {
  World world;
  seed(world, {{"a.py", "x = 1\n"}, {"test_a.py", "import pytest\n"}});
  fake_program(world, "python3",
               "echo 'E   ModuleNotFoundError: password=hunter2hunter2'; printf '\\033[31mred\\n'; exit 2\n");
  const std::string manifest = written(world);
  INFO(manifest);
  CHECK(contains(manifest, "// Tried in a fresh copy of the repository, and left out as it is not green:"));
  CHECK(contains(manifest, "// red: python3 -m pytest -q: exit 2"));
  CHECK(contains(manifest, "//   | E   ModuleNotFoundError"));
  CHECK_FALSE(contains(manifest, "hunter2"));
  CHECK_FALSE(contains(manifest, "\033"));
  CHECK(contains(manifest, R"(// "verify": {"command": ["python3", "-m", "pytest", "-q"], "timeout": "15m"},)"));
  CHECK(world.run().exit_code == 0);
}

TEST_CASE("init: a command that hangs ends with its time, and secrets are not in its environment") {
  World world;
  seed(world, {{"a.py", "x = 1\n"}, {"test_a.py", "import pytest\n"}});
  world.environment["DEPLOY_TOKEN"] = "of-a-secret";
  fake_program(world, "python3", "echo token is \"[$DEPLOY_TOKEN]\"; sleep 60\n");
  const std::string manifest = written(world, {"--timeout", "1s"});
  CHECK(contains(manifest, "timed out"));
  CHECK(contains(manifest, "token is []"));
}

TEST_CASE("init: stopped while it tries it leaves nothing, two of them do not try at the same time") {
  World world;
  seed(world, {{"a.py", "x = 1\n"}, {"test_a.py", "import pytest\n"}});
  const fs::path begun = world.root() / "begun";
  fake_program(world, "python3", "touch '" + begun.string() + "'; sleep 60\n");
  daydream::process::Child::Options options;
  options.arguments = {daydream::testing::daydream_program(), "init"};
  options.directory = world.repository().string();
  options.environment = world.environment;
  auto child = daydream::process::Child::start(options);
  REQUIRE(child.ok());
  for (int i = 0; i < 3000 && !fs::exists(begun); ++i) (void)child->wait(std::chrono::milliseconds(10));
  REQUIRE(fs::exists(begun));
  const Ran second = init(world);
  CHECK(second.exit_code == 75);
  CHECK(contains(second.err, "another `daydream init` is trying"));
  ::kill(child->pid(), SIGTERM);
  const auto ended = child->wait(std::chrono::seconds(30));
  REQUIRE(ended);
  CHECK(ended->exit_code == 75);
  CHECK(world.git({"status", "--porcelain"}).empty());
  CHECK_FALSE(contains(world.git({"worktree", "list"}), "\n"));
}

TEST_CASE("init: --no-try runs nothing, --dry-run writes nothing and prints what would be written") {
  World world;
  seed(world, {{"Makefile", "test:\n\ttouch ran\n"}});
  const Ran shown = init(world, {"--dry-run", "--no-try"});
  INFO(shown.out << shown.err);
  CHECK(shown.exit_code == 0);
  CHECK_FALSE(world.has(".daydream"));
  CHECK(contains(shown.out, "Not tried (--no-try)"));
  CHECK(contains(shown.err, "Makefile:1 has the target \"test\""));
  CHECK(contains(shown.err, "daydream:   languages     none that is known by its files\n"));
  CHECK_FALSE(contains(shown.err, "trying"));
  CHECK(written(world, {"--no-try"}) == shown.out);
  CHECK(world.git({"status", "--porcelain"}) == "?? .daydream/");
}

TEST_CASE("init: overwrites nothing, and names what is in the way") {
  World world;
  seed(world, {{kFile, "{\"manifest\": 1}\n"}});
  const Ran ran = init(world);
  CHECK(ran.exit_code == 65);
  CHECK(contains(ran.err, "repository/.daydream/pipeline.json: is there already, and nothing is overwritten"));
  CHECK(world.read(kFile) == "{\"manifest\": 1}\n");

  World linked;
  seed(linked, {{"a.txt", "a\n"}});
  fs::create_directories(linked.root() / "outside");
  fs::create_directory_symlink(linked.root() / "outside", linked.repository() / ".daydream");
  const Ran through = init(linked);
  CHECK(through.exit_code == 65);
  CHECK(contains(through.err, ".daydream: is a symlink"));
  CHECK(fs::is_empty(linked.root() / "outside"));

  World dangling;
  seed(dangling, {{"a.txt", "a\n"}});
  fs::create_directories(dangling.repository() / ".daydream");
  fs::create_symlink("/tmp/nowhere/at/all", dangling.repository() / kFile);
  CHECK(init(dangling).exit_code == 65);
}

TEST_CASE("init: an empty repository, one without commits, one without git, a bare one") {
  World empty;
  seed(empty, {});
  CHECK(contains(written(empty), "nothing here says how it is tested"));

  World unborn;
  unborn.init_git();
  unborn.write("Makefile", "test:\n\ttrue\n");
  unborn.git({"add", "-A"});
  CHECK(contains(written(unborn), "no commits yet"));

  World plain;
  plain.write("Makefile", "test:\n\ttest -f Makefile\n");
  const std::string manifest = written(plain, {"--repo", plain.repository().string()});
  CHECK(contains(manifest, R"("mode": "patch")"));
  CHECK(contains(manifest, R"("command": ["make", "test"])"));

  World bare;
  bare.git({"init", "-q", "--bare"});
  const Ran refused = init(bare);
  INFO(refused.err);
  CHECK(refused.exit_code == 65);
  CHECK(contains(refused.err, "bare"));
}

TEST_CASE("init: foreign names stay in their comment, line ends of Windows, names that are no UTF-8, symlinks") {
  World world;
  world.init_git();
  world.write("Makefile", "test:\r\n\ttest -f a.py\r\n");
  world.write("a.py", "x = 1\r\n");
  world.write("TODO\n  \"steps\": [], .md", "- [ ] one\n");
  world.write("docs/\xff\xfe.md", "# page\n");
  world.write("logs/\xc3.log", "x\n");
  fs::create_symlink("/etc/passwd", world.repository() / "package.json");
  fs::create_directory_symlink("/etc", world.repository() / "web");
  world.commit("start");
  const std::string manifest = written(world);
  INFO(manifest);
  CHECK(contains(manifest, R"("command": ["make", "test"])"));
  CHECK(contains(manifest, "\\xC3") != contains(manifest, "\\xc3"));
  CHECK_FALSE(contains(manifest, "\n  \"steps\": [], "));
  CHECK(world.run().exit_code == 0);
}
