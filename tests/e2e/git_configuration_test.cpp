// Steps ask git for history from inside their confinement, whatever the user's configuration looks like.
#include <catch2/catch.hpp>
#include <filesystem>

#include "e2e/running.hpp"

using namespace daydream::e2e;

namespace {

const char* const kBefore =
    "def total(lines):\n    result = 0\n    for line in lines:\n        result += line.price\n    return result\n\n\n"
    "def show(lines):\n    print(len(lines))\n";
const char* const kAfter =
    "# def total(lines):\n#     result = 0\n#     for line in lines:\n#         result += line.price\n#     return "
    "result\n\n\n"
    "def show(lines):\n    print(len(lines))\n";

void check_history_is_read(World& world) {
  world.init_git();
  world.write("cart.py", kBefore);
  world.commit("with the sum", "2025-01-05T10:00:00Z");
  world.write("cart.py", kAfter);
  world.commit("without it", "2025-02-05T10:00:00Z");
  const Ran ran = world.run();
  INFO(ran.err << report(world));
  REQUIRE(ran.exit_code == 0);
  // Safe only where git proves that the comment was code once.
  CHECK(contains(report(world), "Removed 1 dead code blocks"));
}

}  // namespace

TEST_CASE("history is read with a configuration in the home folder, and what it includes") {
  World world;
  const std::filesystem::path home = world.environment["HOME"];
  daydream::testing::write_file(home / ".gitconfig",
                                "[user]\n\tname = Ada\n[include]\n\tpath = work.gitconfig\n"
                                "[includeIf \"gitdir:/\"]\n\tpath = \"~/more.gitconfig\"\n");
  daydream::testing::write_file(home / "work.gitconfig", "[core]\n\tautocrlf = false\n");
  daydream::testing::write_file(home / "more.gitconfig", "[color]\n\tui = always\n");
  check_history_is_read(world);
}

TEST_CASE("history is read with a configuration in the XDG folder") {
  World world;
  const std::filesystem::path folder = world.environment["XDG_CONFIG_HOME"];
  std::filesystem::create_directories(folder / "git");
  daydream::testing::write_file(folder / "git/config", "[user]\n\tname = Ada\n");
  check_history_is_read(world);
}
