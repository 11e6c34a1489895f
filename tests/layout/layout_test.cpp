#include <catch2/catch.hpp>
#include <string>

#include "daydream/kit/walk.hpp"
#include "rules.hpp"

using namespace daydream;
using namespace daydream::layout;

namespace {

// What git knows, or would know after the next `git add`.
const Tree& real_tree() {
  static const Tree kTree = [] {
    const std::string root = DAYDREAM_SOURCE_DIR;
    Tree tree;
    auto listing = walk::list(root);
    if (!listing) throw std::runtime_error(listing.error().message());
    for (const walk::File& file : listing->files) {
      auto content = walk::read_beneath(root, file.path, std::size_t{64} << 20);
      tree[file.path] = content ? *content : "";
    }
    return tree;
  }();
  return kTree;
}

std::string all(const Complaints& complaints) {
  std::string text;
  for (const std::string& complaint : complaints) text += complaint + "\n";
  return text;
}

Complaints includes(const std::string& from, const std::string& what, const std::string& to) {
  return upward_includes({{from, "// x\n#include " + what + "\n"}, {to, "// y\n"}});
}

}  // namespace

TEST_CASE("this project: includes point one way") {
  CHECK(all(upward_includes(real_tree())) == "");
}
TEST_CASE("this project: spdlog, Boost.DLL and syncing are named in one place each") {
  CHECK(all(names_out_of_place(real_tree())) == "");
}
TEST_CASE("this project: each step's README has its five headings") {
  CHECK(all(step_readmes(real_tree())) == "");
}
TEST_CASE("this project: the top level holds what the list says") {
  CHECK(all(top_level(real_tree())) == "");
}
TEST_CASE("this project: no file is over 500 lines, those over 400 are listed") {
  const std::string listed = all(long_files(real_tree(), 400));
  if (!listed.empty()) WARN("to be split soon:\n" << listed);
  CHECK(all(long_files(real_tree(), 500)) == "");
}
TEST_CASE("this project: no registry has its address in a file") {
  CHECK(all(registries(real_tree())) == "");
}
TEST_CASE("this project: every header opens with a comment") {
  CHECK(all(silent_headers(real_tree())) == "");
}
TEST_CASE("this project: ctest can run every test by its name") {
  CHECK(all(names_ctest_splits(real_tree())).empty());
  CHECK(names_ctest_splits({{"a_test.cpp", "TEST_CASE(\"one; two\") {\n}\nTEST_CASE(\"three\") {}\n"}}).size() == 1);
}
TEST_CASE("the real tree is read whole, or the rules would judge nothing") {
  CHECK(real_tree().size() > 100);
  CHECK(real_tree().contains("host/base/files.hpp"));
  CHECK(real_tree().at("tests/layout/rules.hpp").find("upward_includes") != std::string::npos);
}

TEST_CASE("a room that includes one above it is found, with its line") {
  CHECK(all(includes("host/base/clock.hpp", "\"log/log.hpp\"", "host/log/log.hpp")) ==
        "host/base/clock.hpp:2: includes host/log/log.hpp: base does not see log\n");
  CHECK(includes("host/checkpoint/store.cpp", "\"session/session.hpp\"", "host/session/session.hpp").size() == 1);
  CHECK(includes("host/pipeline/run.cpp", "<cli/cli.hpp>", "host/cli/cli.hpp").size() == 1);
  CHECK(includes("host/base/a.cpp", "\"../log/log.hpp\"", "host/log/log.hpp").size() == 1);
  CHECK(includes("host/base/a.cpp", "  \"../../host/./log/log.hpp\"", "host/log/log.hpp").size() == 1);
}

TEST_CASE("rooms of one level do not see each other") {
  CHECK(includes("host/manifest/a.cpp", "\"loader/loader.hpp\"", "host/loader/loader.hpp").size() == 1);
  CHECK(includes("host/worker/a.cpp", "\"session/session.hpp\"", "host/session/session.hpp").size() == 1);
  CHECK(includes("host/frames/a.cpp", "\"frames/codec.hpp\"", "host/frames/codec.hpp").empty());
}

TEST_CASE("downward includes are fine") {
  CHECK(includes("host/session/a.cpp", "\"checkpoint/store.hpp\"", "host/checkpoint/store.hpp").empty());
  CHECK(includes("host/main.cpp", "\"cli/cli.hpp\"", "host/cli/cli.hpp").empty());
  CHECK(
      includes("host/base/a.cpp", "\"daydream/kit/text.hpp\"", "plugin-api/kit/include/daydream/kit/text.hpp").empty());
  CHECK(includes("plugins/lint/a.cpp", "\"source/parse.hpp\"", "plugins/common/source/parse.hpp").empty());
  CHECK(includes("plugins/lint/a.cpp", "\"rules/b.hpp\"", "plugins/lint/rules/b.hpp").empty());
}

TEST_CASE("plugins and the API know neither host nor other steps") {
  CHECK(includes("plugins/lint/a.cpp", "\"base/files.hpp\"", "host/base/files.hpp").size() == 1);
  CHECK(includes("plugins/lint/a.cpp", "\"../report/a.hpp\"", "plugins/report/a.hpp").size() == 1);
  CHECK(includes("plugins/common/source/a.cpp", "\"lint/a.hpp\"", "plugins/lint/a.hpp").size() == 1);
  CHECK(includes("plugin-api/kit/text/a.cpp", "\"base/files.hpp\"", "host/base/files.hpp").size() == 1);
  CHECK(includes("plugin-api/include/daydream/a.h", "\"../../../plugins/lint/a.hpp\"", "plugins/lint/a.hpp").size() ==
        1);
  CHECK(includes("host/cli/a.cpp", "\"source/parse.hpp\"", "plugins/common/source/parse.hpp").size() == 1);
}

TEST_CASE("a room that the order does not name is found") {
  CHECK(all(upward_includes({{"host/extras/a.cpp", "int a;\n"}})).find("no place in the order") != std::string::npos);
}

TEST_CASE("a name out of its place is found in code, not in comments or strings") {
  CHECK(names_out_of_place({{"host/cli/a.cpp", "#include <spdlog/spdlog.h>\n"}}).size() == 1);
  CHECK(names_out_of_place({{"host/cli/a.cpp", "void f() { spdlog::info(1); }\n"}}).size() == 1);
  CHECK(names_out_of_place({{"plugins/a/a.cpp", "#include <boost/dll.hpp>\n"}}).size() == 1);
  CHECK(all(names_out_of_place({{"host/changes/a.cpp", "\n  ::fsync(file);\n"}})) ==
        "host/changes/a.cpp:2: names fsync\n");
  CHECK(names_out_of_place({{"host/base/ids.cpp", "fdatasync(1);"}}).size() == 1);
  CHECK(names_out_of_place({{"host/base/files.cpp", "fsync(1);"}, {"host/checkpoint/a.cpp", "fsync(1);"}}).empty());
  CHECK(names_out_of_place({{"host/log/a.cpp", "#include <spdlog/spdlog.h>"}}).empty());
  CHECK(names_out_of_place({{"host/cli/a.cpp", "// fsync\n/* spdlog\n */ auto a = \"core.fsync=x\"; syncfs(1);"}})
            .empty());
}

TEST_CASE("code without its comments and strings keeps its lines") {
  CHECK(code_only("a // b\nc") == "a     \nc");
  CHECK(code_only("a \"b\\\"c\" d") == "a        d");
  CHECK(code_only("R\"x(a\n\")x\" b") == "     \n     b");
  CHECK(code_only("1'000'000 'a'") == "1'000'000    ");
  CHECK(code_only("/* never closed") == "               ");
}

TEST_CASE("a step without a README, or with a heading missing or out of order, is found") {
  const std::string good = "# x\n## What it does\n## Why\n## When it stays silent\n## Options\n## Example\n";
  const auto step = [](const std::string& readme) {
    return step_readmes({{"plugins/lint/CMakeLists.txt", ""}, {"plugins/lint/README.md", readme}});
  };
  CHECK(step(good).empty());
  CHECK(step_readmes({{"plugins/lint/CMakeLists.txt", ""}}).size() == 1);
  CHECK(all(step("## What it does\n## Why\n## Options\n## When it stays silent\n## Example\n")).find("Options") !=
        std::string::npos);
  CHECK(step("").size() == 1);
  CHECK(step_readmes({{"plugins/common/source/CMakeLists.txt", ""}, {"plugins/CMakeLists.txt", ""}}).empty());
}

TEST_CASE("a stranger at the top level is found") {
  CHECK(top_level({{"README.md", ""}, {"host/a.cpp", ""}, {".ci/run", ""}, {".clang-format", ""}}).empty());
  CHECK(all(top_level({{"notes.txt", ""}, {"doc/a", ""}, {"doc/b", ""}})) ==
        "doc: does not belong at the top level\nnotes.txt: does not belong at the top level\n");
}

TEST_CASE("long code files are found, long data is not") {
  const std::string lines(11, '\n');
  CHECK(all(long_files({{"host/a.cpp", lines}, {"scripts/test", lines}}, 10)) ==
        "scripts/test: 11 lines\nhost/a.cpp: 11 lines\n");
  CHECK(long_files({{"host/a.cpp", lines}}, 11).empty());
  CHECK(
      long_files({{"tests/data/a.cpp", lines}, {"a.json", lines}, {"plugins/x/tests/cases/a.py", lines}}, 10).empty());
}

TEST_CASE("an address of a registry is found in any file") {
  const std::string name = std::string("registry.NPM") + "JS.org";
  CHECK(all(registries({{"a/package-lock.json", "{\n\"resolved\": \"https://" + name + "/x\"}"}})).find(":2: ") !=
        std::string::npos);
  CHECK(registries({{"a", "npm ci"}, {"b", "pypi"}, {"c", "crates"}}).empty());
}

TEST_CASE("a header that says nothing is found") {
  CHECK(silent_headers({{"host/a.hpp", "#pragma once\n"}}).size() == 1);
  CHECK(silent_headers({{"host/a.h", "int a;\n"}}).size() == 1);
  CHECK(silent_headers({{"host/a.hpp", "\n// What it is.\n#pragma once\n"}, {"b.h", "/* x */\n"}, {"c.cpp", "int a;"}})
            .empty());
}
