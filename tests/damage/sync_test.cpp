// A sync that fails: the run stops with 75 and does not try it again, and the next start goes by what the disk has.
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <sstream>

#include "crash/sweep.hpp"
#include "e2e/results.hpp"

namespace daydream::damage {
namespace {

namespace fs = std::filesystem;
using e2e::contains;
using testing::Ran;
using testing::World;

struct Disk {
  explicit Disk(World& world) : folder(world.root() / "disk") {
    fs::create_directories(folder);
    world.environment["LD_PRELOAD"] = SYNC_SHIM;
    world.environment["DAYDREAM_SYNC_FOLDER"] = folder.string();
    e2e::marked_project(world);
    e2e::marker_manifest(world);
  }
  [[nodiscard]] std::vector<std::string> log() const {
    std::istringstream lines(testing::read_file(folder / "log"));
    std::vector<std::string> all;
    for (std::string line; std::getline(lines, line);) all.push_back(line);
    return all;
  }
  fs::path folder;
};

// The file whose sync failed; "" when none did. Wrong: it was synced again.
std::string failed_file(const std::vector<std::string>& log, std::string& wrong) {
  std::string file;
  for (const std::string& line : log) {
    const std::string name = line.substr(line.find(' ') + 1);
    // A folder is synced for each new name in it: that is no second try.
    if (!file.empty() && name == file && !fs::is_directory(name)) wrong = "a failed sync was tried again: " + name;
    if (line.rfind("failed ", 0) == 0) file = name;
  }
  return file;
}

// Whether the first anchor, the last thing of a new store, was there before the sync that failed.
bool made_before(const std::vector<std::string>& log) {
  for (const std::string& line : log) {
    if (line.rfind("failed ", 0) == 0) return false;
    if (contains(line, ".daydream.anchor.")) return true;
  }
  return false;
}

std::string fail_sync(std::uint64_t number, const std::string& expected) {
  World world;
  const Disk disk(world);
  world.environment["DAYDREAM_SYNC_FAIL"] = std::to_string(number);
  const Ran failed = world.run();
  world.environment.erase("DAYDREAM_SYNC_FAIL");
  std::string wrong;
  const std::string file = failed_file(disk.log(), wrong);
  const std::string where = "sync " + std::to_string(number) + " of " + file + ": ";
  if (file.empty()) return failed.exit_code == 0 ? "" : where + failed.err;
  // A store that is just being made has no commit that could be lost, and SQLite undoes its making by its own rules.
  const bool being_made = fs::exists(disk.folder / "log") && !made_before(disk.log());
  if (!wrong.empty() && !being_made) return where + wrong;
  // What SQLite passes over: the folder of a file it has just made (we sync it ourselves behind that), and at its end
  // the move of the log into the database (the log stays). Nothing is lost by either.
  const bool passed_over = fs::is_directory(file) || file.find("/daydream.db") != std::string::npos;
  if (failed.exit_code == 0 && passed_over)
    return e2e::difference(expected, e2e::result_of(world) + world.users_view());
  if (failed.exit_code != 75) return where + "exit " + std::to_string(failed.exit_code) + "\n" + failed.err;
  if (!contains(failed.err, "Input/output error") && !contains(failed.err, "disk I/O error"))
    return where + "no word of it: " + failed.err;
  const Ran again = world.run({"--if-due"});
  if (again.exit_code != 0) return where + "then exit " + std::to_string(again.exit_code) + "\n" + again.err;
  const std::string parted = e2e::difference(expected, e2e::result_of(world) + world.users_view());
  if (!parted.empty()) return where + parted;
  for (const auto& entry : fs::directory_iterator(disk.folder)) {
    if (entry.path().extension() != ".lost") continue;
    for (const auto& state : fs::recursive_directory_iterator(world.state())) {
      struct stat about {};
      if (stat(state.path().c_str(), &about) == 0 && std::to_string(about.st_ino) == entry.path().stem())
        return where + "the next start trusted " + state.path().string();
    }
  }
  return "";
}

TEST_CASE("a sync that fails ends the run with 75, and the next one goes by what the disk has", "[damage]") {
  if (daydream::testing::kSanitized) return;  // the failing syncs are preloaded
  World calm;
  const Disk disk(calm);
  const Ran ran = calm.run();
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  const std::string expected = e2e::result_of(calm) + calm.users_view();
  const auto syncs = disk.log().size();
  REQUIRE(syncs > 5);
  crash::Sweep sweep("syncs that fail", syncs, std::chrono::milliseconds(5000));
  sweep.run([&](std::uint64_t point) { return fail_sync(point + 1, expected); });
}

}  // namespace
}  // namespace daydream::damage
