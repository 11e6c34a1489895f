#include "pipeline/strays.hpp"

#include <stdlib.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "base/files.hpp"

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
