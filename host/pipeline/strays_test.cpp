#include "pipeline/strays.hpp"

#include <stdlib.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <thread>

#include "base/files.hpp"
#include "checkpoint/store.hpp"

using namespace daydream;
namespace fs = std::filesystem;

TEST_CASE("temporaries of a killed run go, everything else stays") {
  std::string pattern = (fs::temp_directory_path() / "daydream-strays-XXXXXX").string();
  REQUIRE(mkdtemp(pattern.data()) != nullptr);
  const Path state = Path(pattern) / "state", work = Path(pattern) / "work";
  const auto put = [](const Path& file) {
    fs::create_directories(file.parent_path());
    REQUIRE(files::write_replace(file, "x", files::Durability::kNone).ok());
  };
  const Path gone[] = {state / ".report_2026-11-22.json.daydream-aB3dE6", state / "patches/.01.patch.daydream-000000",
                       work / ".tree.state.daydream-zzzzzz", work / "own.git/.daydream-ready.daydream-giUEug"};
  const Path kept[] = {state / "report_2026-11-22.json", state / ".gitignore",
                       state / "x.daydream-abcdef",      state / ".daydream-abcdef",
                       work / "tree/.a.daydream-abcdef", work / "own.git/objects/.a.daydream-abcdef"};
  for (const Path& file : gone) put(file);
  for (const Path& file : kept) put(file);
  fs::create_directories(state / ".folder.daydream-abcdef");
  fs::create_symlink(kept[0], state / ".link.daydream-abcdef");
  pipeline::remove_strays(state, work);
  for (const Path& file : gone) CHECK_FALSE(files::exists(file));
  for (const Path& file : kept) CHECK(files::exists(file));
  CHECK(fs::exists(state / ".folder.daydream-abcdef"));
  CHECK(fs::is_symlink(state / ".link.daydream-abcdef"));
  pipeline::remove_strays(state / "absent", work / "absent");
  fs::remove_all(pattern);
}

// The directory is made before the lock is held, so the holder may take another's temporary for a stray.
TEST_CASE("a run that begins while another sweeps gets its state directory all the same") {
  std::string pattern = (fs::temp_directory_path() / "daydream-strays-XXXXXX").string();
  REQUIRE(mkdtemp(pattern.data()) != nullptr);
  constexpr int kDirectories = 400;
  const auto state = [&](int number) { return Path(pattern) / std::to_string(number); };
  std::atomic<int> refused = 0, at = 0;
  const auto begin = [&](bool sweeps) {
    for (int i = 0; i < kDirectories; ++i) {
      while (at.load() < 2 * i) std::this_thread::yield();
      if (!checkpoint::make_state_directory(state(i)).ok()) ++refused;
      if (sweeps)
        for (const Path& stray : pipeline::find_strays(state(i), state(i) / "work")) (void)files::remove_file(stray);
      ++at;
    }
  };
  std::thread other(begin, true);
  begin(false);
  other.join();
  CHECK(refused == 0);
  for (int i = 0; i < kDirectories; ++i) CHECK(files::exists(state(i) / ".gitignore"));
  fs::remove_all(pattern);
}
