// `daydream undo`: byte for byte, never over a human's work.
#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "e2e/running.hpp"

using namespace daydream::e2e;
namespace fs = std::filesystem;

namespace {

unsigned mode_of(const fs::path& file) {
  struct stat facts {};
  return ::stat(file.c_str(), &facts) == 0 ? facts.st_mode & 07777 : 0;
}

void project(World& world) {
  world.init_git();
  world.write("plain.py", "import os\nimport sys\n\nprint(sys.argv)\n");
  world.write("windows.py", "import os\r\nimport sys\r\nprint(sys.argv)");
  world.write("tool.py", "import os\nimport sys\nprint(sys.argv)\n");
  fs::permissions(world.repository() / "tool.py", fs::perms(0755));
  world.commit("first");
}

}  // namespace

TEST_CASE("undo gives back what a night in place has written, and the next night leaves it so") {
  World world;
  project(world);
  REQUIRE(world.run({"--mode", "in-place"}).exit_code == 0);
  REQUIRE_FALSE(contains(world.read("plain.py"), "import os"));
  world.write("plain.py", world.read("plain.py") + "# a human was here\n");

  const Ran undone = world.daydream({"undo"});
  INFO(undone.out << undone.err);
  CHECK(undone.exit_code == 78);
  CHECK(contains(undone.out, "windows.py: as it was before"));
  CHECK(contains(undone.out, "plain.py: left as it is: changed since the step wrote it"));
  CHECK(world.read("windows.py") == "import os\r\nimport sys\r\nprint(sys.argv)");
  CHECK(world.read("tool.py") == "import os\nimport sys\nprint(sys.argv)\n");
  CHECK(mode_of(world.repository() / "tool.py") == 0755);
  CHECK(contains(world.read("plain.py"), "# a human was here"));

  const Ran again = world.daydream({"undo", "--run", "2026-11-22", "--step", "legacy_cleanup"});
  CHECK(contains(again.out, "tool.py: nothing to do"));
  REQUIRE(world.run({"--mode", "in-place", "--now", "2026-11-23T02:30:00Z"}).exit_code == 0);
  CHECK(contains(world.read("tool.py"), "import os"));
}

TEST_CASE("undo says when there is nothing, and names the nearest run or step") {
  World world;
  project(world);
  const Ran before = world.daydream({"undo"});
  CHECK(before.exit_code == 0);
  INFO(before.out << before.err);
  CHECK(contains(before.out, "no run has been made yet"));
  REQUIRE(world.run().exit_code == 0);
  const Ran nothing = world.daydream({"undo"});
  CHECK(nothing.exit_code == 0);
  CHECK(contains(nothing.out, "no run has done anything that could be undone"));
  const Ran wrong = world.daydream({"undo", "--run", "2026-11-23"});
  CHECK(wrong.exit_code == 64);
  CHECK(contains(wrong.err, "did you mean \"2026-11-22\"?"));
}
