// Which command `daydream init` would try first, from the names and contents of files alone.
#include "init/plan.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "daydream/kit/text.hpp"
#include "init/facts.hpp"

using namespace daydream;
using namespace daydream::init;

namespace {

using Files = std::map<std::string, std::string>;

// `live`: folders beside the tracked files.
Survey survey(const Files& files, const std::set<std::string>& live = {}) {
  Sources sources;
  for (const auto& [path, content] : files) sources.files.push_back(path);
  sources.read = [files](const std::string& path) {
    const auto found = files.find(path);
    return found == files.end() ? std::string() : found->second;
  };
  sources.lies = [files, live](const std::string& path) { return files.contains(path) || live.contains(path); };
  sources.search = [](const std::vector<std::string>&) { return std::vector<Hit>(); };
  return Survey(sources);
}

// The first plan: setup, then the command, one a line.
std::string first(const Survey& of) {
  const auto plans = plans_of(of);
  if (plans.empty()) return "none";
  std::string shown;
  for (const Words& words : plans.front().setup()) shown += shell_line(words) + "; ";
  return shown + shell_line(plans.front().command());
}
std::string first(const Files& files) {
  return first(survey(files));
}

}  // namespace

TEST_CASE("plan: Python by its lock file, its configuration, or the looks of its tests") {
  const std::string test = "def test_a():\n    assert True\n";
  CHECK(first({{"uv.lock", ""}, {"pyproject.toml", "[tool.pytest.ini_options]"}, {"tests/test_a.py", ""}}) ==
        "uv sync --frozen; uv run --frozen python -m pytest -q");
  CHECK(first({{"poetry.lock", ""}, {"tests/test_a.py", test}}) ==
        "poetry install --no-interaction; poetry run python -m pytest -q");
  CHECK(first({{"a_test.py", "class T: pass\n"}}) == "python3 -m unittest discover -p '*_test.py'");
  CHECK(first({{"tests/__init__.py", ""}, {"tests/test_a.py", "class T: pass\n"}}) == "python3 -m unittest discover");
  CHECK(first({{"manage.py", ""}, {"shop/tests.py", "from django.test import TestCase\n"}}) ==
        "python3 manage.py test");
  CHECK(first({{"tox.ini", "[tox]\n"}, {"a.py", ""}}) == "tox -q");
  CHECK(first({{"a.py", "x = 1\n"}}) == "none");
  CHECK(first({{"vendor/lib/tests/test_x.py", test}, {"a.py", ""}}) == "none");
}

TEST_CASE("plan: an environment of Python that lies there is used only where it has an interpreter") {
  const Files files{{"test_a.py", "import pytest\n"}};
  CHECK(first(survey(files, {".venv"})) == "python3 -m pytest -q");
  CHECK(first(survey(files, {"venv", "venv/bin/python"})) == "venv/bin/python -m pytest -q");
  Files tracked = files;
  tracked["venv/bin/python"] = "";
  CHECK(first(survey(tracked, {"venv"})) == "python3 -m pytest -q");
}

TEST_CASE("plan: package.json: the manager named there wins, workspaces are installed and never linked") {
  const std::string script = R"({"scripts": {"test": "jest"}, "dependencies": {"a": "1"}, "workspaces": ["p/*"]})";
  CHECK(first(survey({{"package.json", script}, {"package-lock.json", ""}}, {"node_modules"})) ==
        "npm ci --no-audit --no-fund; npm test --silent");
  CHECK(first({{"package.json",
                R"({"packageManager": "yarn@1.22.0", "scripts": {"test": "jest"}, "dependencies": {"a": "1"}})"},
               {"pnpm-lock.yaml", ""},
               {"yarn.lock", ""}}) == "yarn install --frozen-lockfile; yarn test");
  CHECK(first({{"package.json", R"({"scripts": {"typecheck": "tsc --noEmit"}})"}}) == "npm run typecheck --silent");
  CHECK(first({{"package.json", "{ broken"}}) == "none");
  CHECK(first({{"package.json", R"({"scripts": {"test": 3}})"}}) == "none");
}

TEST_CASE("plan: makefiles: variables and patterns are no targets") {
  CHECK(first({{"Makefile", "test := x\ntest=y\n%.test: a\n"}}) == "none");
  CHECK(first({{"Makefile", "all: x\ncheck test: all\n"}}) == "make test");
  CHECK(first({{"Makefile", "\ttest: x\n# test: y\ncheck:\n"}}) == "make check");
  CHECK(first({{"justfile", "test:\n  cargo test\n"}}) == "just test");
}

TEST_CASE("plan: C and C++ without tests are built, meson and autotools") {
  CHECK(first({{"CMakeLists.txt", "project(a)\n"}}) ==
        "cmake -S . -B build -DCMAKE_BUILD_TYPE=Debug; cmake --build build --parallel");
  CHECK(first({{"meson.build", "project('a')\ntest('a', exe)\n"}}) ==
        "meson setup build; meson test -C build --print-errorlogs");
  CHECK(first({{"configure.ac", ""}, {"src/a.c", ""}}) == "autoreconf -fi; ./configure; make check");
}

TEST_CASE("plan: a second language below the top is part of the one command") {
  const Files files{{"Cargo.toml", ""}, {"src/main.rs", ""}, {"web/package.json", R"({"scripts": {"test": "jest"}})"}};
  CHECK(first(files) == "sh -c 'cargo test --quiet && env -C web npm test --silent'");
  Files deep = files;
  deep["a/b/c/d/package.json"] = R"({"scripts": {"test": "deep"}})";
  CHECK(first(deep) == first(files));
}

TEST_CASE("plan: words of a shell are quoted") {
  CHECK(shell_line({"a", "b c", "", "it's", "$x", "-DA=1"}) == "a 'b c' '' 'it'\\''s' '$x' -DA=1");
}

TEST_CASE("facts: the last line of CODEOWNERS decides, sections and line ends of Windows") {
  const auto owners = [](const std::string& content) {
    const Owners found = owners_of(survey({{"CODEOWNERS", content}}), ".daydream/pipeline.json");
    return found.rule + " " + found.names;
  };
  CHECK(owners("* @all\r\n/.daydream/ @platform @ops\r\n*.py @py\r\n") == "CODEOWNERS:2 @platform @ops");
  CHECK(owners("[Section]\n*.json @json # why\n") == "CODEOWNERS:2 @json");
  CHECK(owners("* @all\n/.daydream/\n") == "CODEOWNERS:2 ");
  CHECK(owners("docs/ @writers\n") == " ");
}

TEST_CASE("facts: which servers are Sentry's own") {
  for (const char* ours : {"", "https://sentry.io", "https://de.sentry.io/", "https://SENTRY.io/x"})
    CHECK(is_public_sentry(ours));
  for (const char* theirs : {"http://sentry.io", "https://sentry.io.evil.example", "https://evil.example/sentry.io",
                             "https://xsentry.io", "https://sentry.io:8443", "https://sentry.io@evil.example"})
    CHECK_FALSE(is_public_sentry(theirs));
}
