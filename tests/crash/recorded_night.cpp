#include "crash/recorded_night.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <map>

#include "crash/trials.hpp"

namespace daydream::crash {

namespace {

std::string this_start_of_the_machine() {
  std::string id = testing::read_file("/proc/sys/kernel/random/boot_id");
  while (!id.empty() && id.back() == '\n') id.pop_back();
  return id;
}

// SQLite's index of its log is memory, not a file; it is made anew where nobody has it open.
bool is_memory(const std::string& path) {
  return path.size() > 4 && path.compare(path.size() - 4, 4, "-shm") == 0;
}

// An entry that was torn while git made it is nobody's: it cannot be told from another's, and is left alone.
void drop_torn_entries(const std::filesystem::path& worktrees) {
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(worktrees, none)) {
    const std::string leads_to = testing::read_file(entry.path() / "gitdir");
    const std::string head = testing::read_file(entry.path() / "HEAD");
    if (leads_to.rfind('/', 0) != 0 || head.empty() || head[0] == '\0') std::filesystem::remove_all(entry.path());
  }
}

}  // namespace

RecordedNight::RecordedNight(Flavour flavour) : flavour_(flavour), world_(Prepared::of(flavour).copy()) {
  Recorder recorder(world_->root(), {"output.txt"});
  Trace trace(night_of(*world_), {}, &recorder);
  REQUIRE(trace.whole_end().exit_code == 0);
  recording_ = recorder.finish(is_memory);
  CHECK(e2e::difference(Prepared::of(flavour).expected(), outcome(*world_)).empty());
}

const RecordedNight& RecordedNight::of(Flavour flavour) {
  static std::map<Flavour, std::unique_ptr<RecordedNight>> made;
  auto& night = made[flavour];
  if (!night) night = std::make_unique<RecordedNight>(flavour);
  return *night;
}

std::string RecordedNight::resumed(const Disk& disk) const {
  const std::string id = this_start_of_the_machine();
  const std::string other(id.size(), '0');
  disk.write_to(world_->root(), [&](const std::string& path, std::string& bytes) {
    if (path.rfind("cache/", 0) != 0) return;
    for (std::size_t at = 0; (at = bytes.find(id, at)) != std::string::npos;) bytes.replace(at, id.size(), other);
  });
  const Ran again = start_again(*world_);
  drop_torn_entries(world_->repository() / ".git/worktrees");
  if (again.exit_code != 0) return "the night ended with " + std::to_string(again.exit_code) + "\n" + again.err;
  const std::string parted =
      e2e::difference(without_caches(Prepared::of(flavour_).expected()), without_caches(outcome(*world_)));
  if (!parted.empty()) return parted + "\n" + notes_of(*world_) + again.err;
  if (!under_git(flavour_)) return "";
  const Ran whole = world_->try_git({"fsck", "--full", "--no-dangling", "--no-progress"});
  return whole.exit_code == 0 ? "" : "git fsck: " + whole.out + whole.err;
}

}  // namespace daydream::crash
