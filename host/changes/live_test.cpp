#include "changes/live.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <random>
#include <thread>

#include "base/files.hpp"
#include "changes/compress.hpp"
#include "changes/world_for_tests.hpp"

namespace daydream::changes {

using testing::slurp;
using testing::World;
namespace fs = std::filesystem;

namespace {

struct Live {
  Live() {
    world.init();
    world.write(".gitignore", "__pycache__/\n*.pyc\n*.log\nbuild/\n.venv/\n");
    world.write("a.py", "a\n");
    world.commit_all();
    options.roots = {{"repository", world.live()}, {"log:0", world.root() / "logs"}};
    options.state_directory = world.state();
    options.work_directory = world.work();
    options.run_id = "2026-11-22";
    options.archive_apply = true;
    fs::create_directories(world.root() / "logs");
  }
  Effect apply(Effect effect) const {
    auto done = apply_live(effect, options);
    INFO((done.ok() ? "" : done.error().message()));
    REQUIRE(done.ok());
    REQUIRE(sync_live(options).ok());
    return effect;
  }
  static Effect discard(const std::string& path) {
    Effect effect;
    effect.kind = EffectKind::kDiscard;
    effect.root = "repository";
    effect.path = path;
    effect.finding = 1;
    return effect;
  }
  [[nodiscard]] EffectState discarded(const std::string& path) const { return apply(discard(path)).state; }
  [[nodiscard]] bool there(const std::string& path) const { return files::exists(world.live() / path); }
  Effect archive(const std::string& compression = "zstd", bool unlink = true) const {
    struct stat facts {};
    REQUIRE(::stat(log().c_str(), &facts) == 0);
    Effect effect;
    effect.kind = EffectKind::kArchive;
    effect.root = "log:0";
    effect.path = "app.log.1";
    effect.archive_path = "2026/app.log.1";
    effect.finding = 1;
    effect.options = "{\"compress\": \"" + compression + "\", \"unlink\": " + (unlink ? "true" : "false") +
                     ", \"size\": " + std::to_string(facts.st_size) +
                     ", \"mtime_ns\": " + std::to_string(facts.st_mtim.tv_sec * 1'000'000'000 + facts.st_mtim.tv_nsec) +
                     "}";
    return effect;
  }
  [[nodiscard]] Path log() const { return world.root() / "logs/app.log.1"; }
  [[nodiscard]] Path archived() const { return world.state() / "archive/2026/app.log.1"; }
  [[nodiscard]] std::string expanded() const {
    int fd = ::open(archived().c_str(), O_RDONLY | O_CLOEXEC);
    REQUIRE(fd >= 0);
    std::string all;
    auto done = compress::expand(fd, [&](std::string_view part) {
      all.append(part);
      return Result<void>();
    });
    ::close(fd);
    REQUIRE(done.ok());
    return all;
  }
  [[nodiscard]] Path withdrawn() const { return world.root() / "logs/.app.log.1.daydream-held"; }

  // What a service or logrotate may do to it at any moment.
  static constexpr int kAppend = 0, kRotate = 1, kCut = 2;
  void disturb(int what) {
    wrote_ = false;
    if (what == kRotate) {
      if (::rename(log().c_str(), (log().string() + ".2").c_str()) == 0) std::ofstream(log()) << "second\n";
      wrote_ = files::exists(log());
      return;
    }
    const int file = ::open(log().c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);  // gone is gone: no new one is begun
    if (file < 0) return;
    if (what == kCut) (void)::ftruncate(file, 0);
    wrote_ = ::write(file, "second\n", 7) == 7;
    ::close(file);
  }
  World world;
  LiveOptions options;
  bool wrote_ = false;  // a line that nobody may lose
};

}  // namespace

TEST_CASE_METHOD(Live, "interpreter caches that git ignores are discarded, and gone is done") {
  world.write("pkg/__pycache__/m.pyc", "x");
  world.write("pkg/__pycache__/deep/n.pyc", "x");
  world.write("old.pyc", "x");
  CHECK(discarded("pkg/__pycache__") == EffectState::kApplied);
  CHECK(discarded("old.pyc") == EffectState::kApplied);
  CHECK_FALSE(there("pkg/__pycache__"));
  CHECK_FALSE(there("old.pyc"));
  CHECK(discarded("pkg/__pycache__") == EffectState::kApplied);
  CHECK(discarded("never/was/__pycache__") == EffectState::kApplied);
  CHECK(there("pkg"));
}

TEST_CASE_METHOD(Live, "a discard that was killed half-way is finished by the same call") {
  world.write("__pycache__/a.pyc", "x");
  world.write("__pycache__/b.pyc", "x");
  fs::remove(world.live() / "__pycache__/a.pyc");
  CHECK(discarded("__pycache__") == EffectState::kApplied);
  CHECK_FALSE(there("__pycache__"));
}

TEST_CASE_METHOD(Live, "what git does not ignore, or what it tracks, is never discarded") {
  world.write(".mypy_cache/x", "not ignored");
  CHECK(discarded(".mypy_cache") == EffectState::kProposed);
  CHECK(there(".mypy_cache/x"));
  world.write("__pycache__/tracked.pyc", "x");
  world.write("__pycache__/other.pyc", "x");
  world.git({"add", "-f", "__pycache__/tracked.pyc"});
  CHECK(discarded("__pycache__") == EffectState::kProposed);
  CHECK(there("__pycache__/other.pyc"));
}

TEST_CASE_METHOD(Live, "other ignored outputs go only with artifacts: all") {
  world.write("build/out.o", "x");
  CHECK(discarded("build") == EffectState::kProposed);
  CHECK(there("build/out.o"));
  options.artifacts_all = true;
  CHECK(discarded("build") == EffectState::kApplied);
  CHECK_FALSE(there("build"));
}

TEST_CASE_METHOD(Live, "environments, packages, nested repositories and our own folders are left alone") {
  options.artifacts_all = true;
  for (const char* path : {".venv/lib/__pycache__/m.pyc", "node_modules/p/__pycache__/m.pyc"}) {
    world.write(path, "x");
    CHECK(discarded(Path(path).parent_path().string()) == EffectState::kRefused);
    CHECK(there(path));
  }
  world.write("nested/.git/HEAD", "x");
  world.write("nested/__pycache__/m.pyc", "x");
  CHECK(discarded("nested/__pycache__") == EffectState::kRefused);
  world.write("build/sub/.git/HEAD", "x");
  CHECK(discarded("build") == EffectState::kRefused);
  CHECK(there("build/sub/.git/HEAD"));
  options.state_directory = world.live() / "state";
  world.write("state/__pycache__/m.pyc", "x");
  CHECK(discarded("state/__pycache__") == EffectState::kRefused);
  CHECK(discarded("../outside") == EffectState::kRefused);
  auto unknown = discard("__pycache__");
  unknown.root = "log:7";
  CHECK(apply(unknown).state == EffectState::kRefused);
}

TEST_CASE_METHOD(Live, "a discard follows no symlink, neither on the way nor at its end nor inside") {
  fs::create_directories(world.root() / "outside/__pycache__");
  std::ofstream(world.root() / "outside/__pycache__/m.pyc") << "x";
  fs::create_directory_symlink(world.root() / "outside", world.live() / "way");
  CHECK(discarded("way/__pycache__") == EffectState::kConflict);
  fs::create_directory_symlink(world.root() / "outside/__pycache__", world.live() / "__pycache__");
  CHECK(discarded("__pycache__") == EffectState::kConflict);
  world.write("pkg/__pycache__/m.pyc", "x");
  fs::create_directory_symlink(world.root() / "outside", world.live() / "pkg/__pycache__/link");
  CHECK(discarded("pkg/__pycache__") == EffectState::kApplied);
  CHECK_FALSE(there("pkg/__pycache__"));
  CHECK(slurp(world.root() / "outside/__pycache__/m.pyc") == "x");
}

TEST_CASE_METHOD(Live, "observe and patch mode only propose") {
  world.write("__pycache__/m.pyc", "x");
  std::ofstream(log()) << "lines\n";
  for (Mode mode : {Mode::kObserve, Mode::kPatch}) {
    options.mode = mode;
    CHECK(discarded("__pycache__") == EffectState::kProposed);
    CHECK(apply(archive()).state == EffectState::kProposed);
  }
  options.mode = Mode::kBranch;
  options.archive_apply = false;
  CHECK(apply(archive()).state == EffectState::kProposed);
  CHECK(there("__pycache__/m.pyc"));
  CHECK(slurp(log()) == "lines\n");
}

TEST_CASE_METHOD(Live, "a log is archived, verified and then unlinked, each half-way state is finished") {
  std::string lines;
  for (int i = 0; i < 20000; ++i) lines += "line " + std::to_string(i) + "\n";
  std::ofstream(log()) << lines;
  auto effect = archive();
  SECTION("nothing was done") {}
  SECTION("a temporary file was left") {
    fs::create_directories(archived().parent_path());
    std::ofstream(archived().parent_path() / ".app.log.1.daydream-tmp") << "half";
  }
  SECTION("the archive is there, the log not yet unlinked") {
    auto kept = archive("zstd", false);
    CHECK(apply(kept).state == EffectState::kApplied);
    CHECK(slurp(log()) == lines);
  }
  SECTION("all was done") {
    CHECK(apply(effect).state == EffectState::kApplied);
  }
  auto done = apply(effect);
  CHECK(done.state == EffectState::kApplied);
  CHECK(done.detail.empty());
  CHECK_FALSE(files::exists(log()));
  CHECK(expanded() == lines);
  CHECK_FALSE(files::exists(archived().parent_path() / ".app.log.1.daydream-tmp"));
}

TEST_CASE_METHOD(Live, "an uncompressed archive is a second name, then the only one") {
  std::ofstream(log()) << "lines\n";
  auto effect = archive("none");
  struct stat before {};
  REQUIRE(::stat(log().c_str(), &before) == 0);
  SECTION("nothing was done") {}
  SECTION("linked, not yet unlinked") {
    fs::create_directories(archived().parent_path());
    fs::create_hard_link(log(), archived());
  }
  CHECK(apply(effect).state == EffectState::kApplied);
  CHECK_FALSE(files::exists(log()));
  struct stat after {};
  REQUIRE(::stat(archived().c_str(), &after) == 0);
  CHECK(after.st_ino == before.st_ino);
  CHECK(after.st_nlink == 1);
}

TEST_CASE_METHOD(Live, "kept, the uncompressed archive is a copy, so that later lines do not change it") {
  std::ofstream(log()) << "lines\n";
  CHECK(apply(archive("none", false)).state == EffectState::kApplied);
  std::ofstream(log(), std::ios::app) << "more\n";
  CHECK(slurp(archived()) == "lines\n");
}

TEST_CASE_METHOD(Live, "an archive on another file system is copied") {
  Path other = "/dev/shm/daydream-changes-" + std::to_string(::getpid());
  REQUIRE(files::make_directories(other).ok());
  options.state_directory = other;
  std::ofstream(log()) << "lines\n";
  CHECK(apply(archive("none")).state == EffectState::kApplied);
  CHECK_FALSE(files::exists(log()));
  CHECK(slurp(other / "archive/2026/app.log.1") == "lines\n");
  REQUIRE(files::remove_tree(other).ok());
}

TEST_CASE_METHOD(Live, "a log that changed, is open for writing, or whose archive name is taken is kept") {
  std::ofstream(log()) << "lines\n";
  auto effect = archive();
  std::string expected = "lines\n";
  std::string why;
  int writer = -1;
  SECTION("changed since it was read") {
    std::ofstream(log(), std::ios::app) << "more\n";
    expected += "more\n";
    why = "changed since";
  }
  SECTION("open for writing") {
    writer = ::open(log().c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
    REQUIRE(writer >= 0);
    why = "open for writing";
  }
  SECTION("something else in the archive") {
    fs::create_directories(archived().parent_path());
    std::ofstream(archived()) << "other";
    why = "something else";
  }
  auto done = apply(effect);
  if (writer >= 0) ::close(writer);
  CHECK(done.state == EffectState::kConflict);
  CHECK(done.detail.find(why) != std::string::npos);
  CHECK(slurp(log()) == expected);
}

TEST_CASE_METHOD(Live, "a log whose name was withdrawn by a run that was killed goes, a new one in its place stays") {
  std::ofstream(log()) << "lines\n";
  auto effect = archive();
  REQUIRE(apply(archive("zstd", false)).state == EffectState::kApplied);
  fs::rename(log(), withdrawn());
  const bool rotated = GENERATE(false, true);
  if (rotated) std::ofstream(log()) << "the next one\n";
  CHECK(apply(effect).state == EffectState::kApplied);
  CHECK_FALSE(files::exists(withdrawn()));
  CHECK(files::exists(log()) == rotated);
  CHECK(expanded() == "lines\n");
}

TEST_CASE_METHOD(Live, "a log whose name was withdrawn before it was archived gets it back first") {
  std::ofstream(log()) << "lines\n";
  auto effect = archive();
  fs::rename(log(), withdrawn());
  options.archive_apply = true;
  CHECK(apply(effect).state == EffectState::kApplied);
  CHECK(expanded() == "lines\n");
  CHECK_FALSE(files::exists(withdrawn()));
}

TEST_CASE_METHOD(Live,
                 "a withdrawn log of another night is left alone, and the log under its name is archived and kept") {
  std::ofstream(withdrawn()) << "of another night\n";
  std::ofstream(log()) << "lines\n";
  const Effect done = apply(archive());
  CHECK(done.state == EffectState::kConflict);
  CHECK(done.detail.find("a log of an earlier night still lies beside it") != std::string::npos);
  CHECK(expanded() == "lines\n");
  CHECK(slurp(log()) == "lines\n");
  CHECK(slurp(withdrawn()) == "of another night\n");
}

TEST_CASE_METHOD(Live, "a log that is written to, rotated or cut short just while it is archived loses no line") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  int kept = 0;
  for (int round = 0; round < 60; ++round) {
    std::ofstream(log()) << "first\n";
    const auto effect = archive();
    const int what = round % 3;
    std::thread other([this, what, moment = std::chrono::microseconds(random() % 14'000)] {
      std::this_thread::sleep_for(moment);
      disturb(what);
    });
    const Effect done = apply(effect);
    other.join();
    INFO("round " << round << ", " << done.detail);
    const std::string left = slurp(log()) + slurp(log().string() + ".2");
    kept += done.state == EffectState::kApplied ? 0 : 1;
    if (wrote_ && done.state == EffectState::kApplied) CHECK(left.find("second") != std::string::npos);
    if (what != kCut) CHECK((files::exists(archived()) || left.find("first") != std::string::npos));
    if (done.state == EffectState::kApplied) CHECK(expanded() == "first\n");
    CHECK_FALSE(files::exists(withdrawn()));
    for (const Path& gone : {log(), archived(), Path(log().string() + ".2")}) fs::remove(gone);
  }
  CHECK(kept < 60);
}

TEST_CASE_METHOD(Live, "a log that vanished without an archive is said, a symlink is not followed") {
  std::ofstream(log()) << "lines\n";
  auto effect = archive();
  fs::remove(log());
  CHECK(apply(effect).state == EffectState::kConflict);
  std::ofstream(world.root() / "victim") << "safe";
  fs::create_symlink(world.root() / "victim", log());
  CHECK(apply(effect).state == EffectState::kConflict);
  CHECK(slurp(world.root() / "victim") == "safe");
  effect.archive_path = "../../out";
  CHECK(apply(effect).state == EffectState::kRefused);
  effect.archive_path = "x";
  effect.options = "{\"compress\": \"lzma\"}";
  CHECK(apply(effect).state == EffectState::kRefused);
}

TEST_CASE_METHOD(Live, "files of the state directory are written in every mode, but not over the host's own") {
  options.mode = Mode::kObserve;
  Effect effect;
  effect.kind = EffectKind::kStateFile;
  effect.path = "report_2026-11-22.md";
  effect.content = "# Daydream Report\n";
  for (int times = 0; times < 2; ++times) {
    CHECK(apply(effect).state == EffectState::kApplied);
    CHECK(slurp(world.state() / effect.path) == effect.content);
  }
  for (const char* name : {"daydream.db", "daydream.db-wal", "state.json", "lock", ".gitignore", "../x", "archive/x",
                           "patches/x", "/etc/x", ""}) {
    effect.path = name;
    INFO(name);
    CHECK(apply(effect).state == EffectState::kRefused);
  }
  fs::create_directory_symlink(world.root(), world.state() / "link");
  effect.path = "link/x";
  CHECK(apply(effect).state == EffectState::kRefused);
  CHECK_FALSE(files::exists(world.root() / "x"));
}

}  // namespace daydream::changes
