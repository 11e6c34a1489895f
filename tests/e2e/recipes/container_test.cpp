// container/nightly.sh: the checkout belongs to somebody else and is not written to; the state is a volume.
#include <unistd.h>

#include "recipe.hpp"

using namespace daydream::e2e;
namespace fs = std::filesystem;

namespace {

void checkout(World& world) {
  world.init_git();
  world.write("a.txt", "keep\nBAD one\n");
  world.write(".daydream/pipeline.json", kMarked);
  world.commit("start");
  world.environment["DAYDREAM_REPO"] = world.repository().string();
  world.environment["DAYDREAM_STATE"] = (world.root() / "volume").string();
  fs::create_directories(world.root() / "volume");
}

void give_away(const fs::path& folder) {
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    REQUIRE(::lchown(entry.path().c_str(), 12345, 12345) == 0);
  }
  REQUIRE(::lchown(folder.c_str(), 12345, 12345) == 0);
}

}  // namespace

TEST_CASE("container: nothing is written into the checkout, the changes are patches in the volume") {
  World world;
  checkout(world);
  const bool root = ::geteuid() == 0;
  if (root) give_away(world.repository());  // git calls that dubious, and refuses
  const auto before = World::snapshot(world.repository());
  const Recipe nightly(world, "container/nightly.sh");
  const Ran ran = nightly.run({"--now", "2026-11-22T02:30:00Z"});
  INFO(ran.out << ran.err);
  CHECK(ran.exit_code == 0);
  CHECK(World::snapshot(world.repository()) == before);
  const auto state = world.root() / "volume/state";
  CHECK(contains(daydream::testing::read_file(state / "report_2026-11-22.md"), "Removed 1 marked lines"));
  CHECK(contains(daydream::testing::read_file(state / "patches/2026-11-22/all.patch"), "-BAD one"));
  if (!root) WARN("not root: that the checkout belongs to another user was not tried");
}

TEST_CASE("container: the next night sees the checkout's new commits, and remembers") {
  World world;
  checkout(world);
  const Recipe nightly(world, "container/nightly.sh");
  REQUIRE(nightly.run({"--now", "2026-11-22T02:30:00Z"}).exit_code == 0);
  world.write("a.txt", "keep\n");
  world.write("c.txt", "BAD three\n");
  world.commit("next day");
  const Ran ran = nightly.run({"--now", "2026-11-23T02:30:00Z"});
  INFO(ran.out << ran.err);
  CHECK(ran.exit_code == 0);
  const auto patch = daydream::testing::read_file(world.root() / "volume/state/patches/2026-11-23/all.patch");
  CHECK(contains(patch, "-BAD three"));
  CHECK_FALSE(contains(patch, "-BAD one"));
}

TEST_CASE("container: a manifest that names programs is refused until the container is told to trust it") {
  World world;
  checkout(world);
  world.write(".daydream/pipeline.json", R"({"manifest": 1, "verify": {"command": ["true"]}, "steps": [
    {"id": "marker", "plugin": "marker"}]})");
  world.commit("verify");
  const Recipe nightly(world, "container/nightly.sh");
  const Ran refused = nightly.run();
  INFO(refused.err);
  CHECK(refused.exit_code == 65);
  CHECK(contains(refused.err, "verify"));
  world.environment["DAYDREAM_TRUST"] = "1";
  CHECK(nightly.run().exit_code == 0);
}

TEST_CASE("container: a checkout that is not there and a volume that cannot be written are named") {
  World world;
  checkout(world);
  const Recipe nightly(world, "container/nightly.sh");
  world.environment["DAYDREAM_REPO"] = "/nowhere";
  const Ran no_checkout = nightly.run();
  CHECK(no_checkout.exit_code == 64);
  CHECK(contains(no_checkout.err, "/nowhere: no checkout is mounted there"));
  world.environment["DAYDREAM_REPO"] = (world.root() / "home").string();
  CHECK(nightly.run().exit_code == 65);
  world.environment["DAYDREAM_REPO"] = world.repository().string();
  world.environment["DAYDREAM_STATE"] = "/proc/nowhere";
  const Ran no_volume = nightly.run();
  CHECK(no_volume.exit_code == 64);
  CHECK(contains(no_volume.err, "not writable for uid"));
}
