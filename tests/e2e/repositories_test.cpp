// The night branch on every kind of repository: it is there, holds the changes and nothing else, and neither the
// user's tree, index, HEAD and settings nor other refs are touched.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <functional>

#include "e2e/fixtures.hpp"

using namespace daydream::e2e;
namespace fs = std::filesystem;

namespace {

constexpr const char* kNight = "daydream/2026-11-22";

// The marked project in a folder of its own, to clone from.
fs::path upstream(World& world) {
  const fs::path own = world.repository();
  const fs::path origin = world.root() / "origin";
  fs::create_directories(origin);
  world.set_repository(origin);
  marked_project(world);
  world.write("a.txt", "keep a\nBAD one\nkeep a2, second version\n");
  world.commit("second");
  world.git({"config", "uploadpack.allowFilter", "true"});
  world.set_repository(own);
  return origin;
}

void clone(World& world, const std::vector<std::string>& options) {
  const fs::path origin = upstream(world);
  std::vector<std::string> arguments{"clone", "-q"};
  arguments.insert(arguments.end(), options.begin(), options.end());
  arguments.insert(arguments.end(), {"file://" + origin.string(), "."});
  world.git(arguments);
}

void with_submodule(World& world) {
  const fs::path origin = upstream(world);
  marked_project(world);
  world.git({"-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "file://" + origin.string(), "lib"});
  world.commit("a submodule");
}

void with_empty_submodule(World& world) {
  with_submodule(world);
  world.git({"submodule", "--quiet", "deinit", "-f", "lib"});
}

// A stand-in for git-lfs: what it would do to pointers that were not fetched.
void with_lfs_pointers(World& world) {
  marked_project(world);
  world.write("picture.bin",
              "version https://git-lfs.github.com/spec/v1\n"
              "oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n");
  world.commit("a pointer");
  world.write(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n");
  world.commit("attributes");
  for (const char* part : {"filter.lfs.clean", "filter.lfs.smudge"}) world.git({"config", part, "cat"});
  world.git({"config", "filter.lfs.required", "true"});
}

void sparse(World& world) {
  marked_project(world);
  world.write("kept/d.txt", "BAD in the cone\n");
  world.write("left/e.txt", "BAD outside of the cone\n");
  world.commit("folders");
  world.git({"sparse-checkout", "set", "--cone", "kept"});
  REQUIRE_FALSE(world.has("left/e.txt"));
}

void shallow(World& world) {
  clone(world, {"--depth", "1"});
}

void partial(World& world) {
  clone(world, {"--filter=blob:none"});
  fs::rename(world.root() / "origin", world.root() / "away");  // what was not fetched cannot be
}

void linked_worktree(World& world) {
  marked_project(world);
  const fs::path linked = world.root() / "linked";
  world.git({"worktree", "add", "-q", "-b", "work", linked.string()});
  world.set_repository(linked);
}

void separate_git_folder(World& world) {
  marked_project(world);
  world.git({"init", "-q", "--separate-git-dir=" + (world.root() / "elsewhere.git").string()});
}

void sha256(World& world) {
  world.git({"init", "-q", "-b", "main", "--object-format=sha256"});
  marked_project(world);
}

void hooks_and_signing(World& world) {
  marked_project(world);
  const std::string mark = (world.root() / "hook-ran").string();
  for (const char* hook : {"pre-commit", "commit-msg", "post-commit", "post-checkout", "reference-transaction",
                           "post-index-change", "post-rewrite", "update", "pre-auto-gc"}) {
    const fs::path file = world.repository() / ".git/hooks" / hook;
    daydream::testing::write_file(file, "#!/bin/sh\necho ran >> '" + mark + "'\nexit 1\n");
    fs::permissions(file, fs::perms::owner_all);
  }
  for (const char* setting : {"commit.gpgSign", "tag.gpgSign", "core.fsmonitor"})
    world.git({"config", setting, "true"});
  world.git({"config", "gpg.program", "/no/such/signer"});
  world.git({"config", "core.fsmonitor", "/no/such/monitor"});
}

void nobody(World& world) {
  marked_project(world);
  world.git({"config", "--unset", "user.name"});
  world.git({"config", "--unset", "user.email"});
  world.git({"config", "user.useConfigOnly", "true"});
}

void detached(World& world) {
  marked_project(world);
  world.git({"checkout", "-q", "--detach"});
}

void odd_settings(World& world) {
  marked_project(world);
  for (const auto& [name, value] : std::map<std::string, std::string>{{"core.autocrlf", "true"},
                                                                      {"core.fileMode", "false"},
                                                                      {"core.ignoreCase", "true"},
                                                                      {"core.quotePath", "false"},
                                                                      {"core.splitIndex", "true"},
                                                                      {"index.version", "4"},
                                                                      {"feature.manyFiles", "true"},
                                                                      {"status.showUntrackedFiles", "no"},
                                                                      {"core.logAllRefUpdates", "always"},
                                                                      {"core.bare", "false"},
                                                                      {"color.ui", "always"},
                                                                      {"log.showSignature", "true"},
                                                                      {"diff.noprefix", "true"},
                                                                      {"diff.external", "/no/such/diff"},
                                                                      {"merge.renames", "false"},
                                                                      {"gc.auto", "1"}})
    world.git({"config", name, value});
}

void a_branch_named_daydream(World& world) {
  marked_project(world);
  world.git({"branch", "daydream"});
}

struct Kind {
  const char* name;
  std::function<void(World&)> prepare;
  std::string branch = kNight;
};

const Kind kKinds[] = {{"a submodule", with_submodule},
                       {"a submodule that is not checked out", with_empty_submodule},
                       {"LFS pointers", with_lfs_pointers},
                       {"a sparse checkout", sparse},
                       {"a shallow clone", shallow},
                       {"a partial clone whose origin is away", partial},
                       {"a linked worktree", linked_worktree},
                       {"a .git that is a file", separate_git_folder},
                       {"sha256", sha256},
                       {"hooks that fail, signing without a signer, a monitor", hooks_and_signing},
                       {"no user.name", nobody},
                       {"a detached HEAD", detached},
                       {"settings that change what git says", odd_settings},
                       {"a branch of the name daydream", a_branch_named_daydream, "daydream-2026-11-22"}};

std::string settings_of(const World& world) {
  return world.git({"config", "--local", "--list"});
}

// Paths that differ between the base and the branch.
std::string changed(const World& world, const std::string& branch) {
  return world.git({"-c", "diff.external=", "-c", "diff.noprefix=false", "diff", "--no-ext-diff", "--no-color",
                    "--name-only", "--ignore-submodules=none", "HEAD", "refs/heads/" + branch});
}

// The tests' own git runs hooks, as any user's does.
void no_hook_ran_in(const World& world, const Kind& kind, const std::string& now) {
  const fs::path mark = world.root() / "hook-ran";
  fs::remove(mark);
  const Ran ran = world.run({"--now", now});
  INFO(kind.name << "\n" << ran.err);
  REQUIRE(ran.exit_code == 0);
  CHECK_FALSE(fs::exists(mark));
}

}  // namespace

TEST_CASE("the night branch on every kind of repository") {
  for (const Kind& kind : kKinds) {
    World world;
    INFO(kind.name);
    kind.prepare(world);
    marker_manifest(world);
    const std::string before = world.users_view(), settings = settings_of(world);
    no_hook_ran_in(world, kind, "2026-11-22T02:30:00Z");
    CHECK(world.users_view() == before);
    CHECK(settings_of(world) == settings);
    const std::string tip = world.git({"rev-parse", "refs/heads/" + kind.branch});
    CHECK_FALSE(contains(world.git({"show", tip + ":a.txt"}), "BAD"));
    CHECK_FALSE(contains(world.git({"show", tip + ":c.txt"}), "BAD"));
    const std::string paths = changed(world, kind.branch);
    for (const char* other : {"lib", "picture.bin", ".gitmodules", ".gitattributes", "b.txt"})
      CHECK_FALSE(contains(paths, other));
    CHECK(world.try_git({"fsck", "--no-dangling", "--no-progress"}).exit_code == 0);
    // The next night carries it, and is as harmless.
    no_hook_ran_in(world, kind, "2026-11-23T02:30:00Z");
    CHECK(world.users_view() == before);
  }
}

TEST_CASE("refs in a reftable, where git has it") {
  World world;
  if (world.try_git({"init", "-q", "-b", "main", "--ref-format=reftable"}).exit_code != 0) {
    WARN("skipped: this git has no reftable");
    return;
  }
  marked_project(world);
  marker_manifest(world);
  REQUIRE(world.run().exit_code == 0);
  CHECK_FALSE(contains(world.git({"show", std::string(kNight) + ":a.txt"}), "BAD"));
}

TEST_CASE("a repository without a commit, and a base that is not there, are named and nothing is left behind") {
  World unborn;
  unborn.init_git();
  unborn.write("a.txt", "BAD one\n");
  marker_manifest(unborn);
  const Ran first = unborn.run();
  INFO(first.exit_code << first.err);
  CHECK((first.exit_code == 65 || first.exit_code == 75 || first.exit_code == 78));
  CHECK(contains(first.err, "HEAD"));
  CHECK(contains(first.err, "commit"));
  CHECK(unborn.git({"for-each-ref"}).empty());
  // With the first commit all is well.
  unborn.commit("start");
  REQUIRE(unborn.run().exit_code == 0);
  CHECK_FALSE(contains(unborn.git({"show", std::string(kNight) + ":a.txt"}), "BAD"));

  World away;
  marked_project(away);
  marker_manifest(away, "{}", R"("base": "origin/main", )");
  const Ran second = away.run();
  INFO(second.exit_code << second.err);
  CHECK((second.exit_code == 65 || second.exit_code == 75 || second.exit_code == 78));
  CHECK(contains(second.err, "origin/main"));
  CHECK_FALSE(contains(away.git({"for-each-ref"}), "daydream"));
}

TEST_CASE("base on a remote branch: the night starts there, and the user's branch is left alone") {
  World world;
  clone(world, {});
  world.git({"config", "user.name", "Ada"});
  world.git({"config", "user.email", "ada@example.invalid"});
  world.write("d.txt", "BAD of the user's own branch\n");
  world.commit("not pushed");
  marker_manifest(world, "{}", R"("base": "origin/main", )");
  REQUIRE(world.run().exit_code == 0);
  CHECK(world.git({"merge-base", kNight, "HEAD"}) == world.git({"rev-parse", "origin/main"}));
  CHECK_FALSE(contains(world.git({"ls-tree", "-r", "--name-only", kNight}), "d.txt"));
}

TEST_CASE("last night's branch: checked out by a human, with a human's commit, in conflict with the base") {
  World world;
  marked_project(world);
  marker_manifest(world);
  REQUIRE(world.run().exit_code == 0);
  const std::string ours = world.git({"rev-parse", kNight});

  SECTION("checked out: it is not moved and not deleted, the night goes on beside it") {
    world.git({"checkout", "-q", kNight});
    world.git({"config", "advice.detachedHead", "false"});
    const std::string before = world.users_view();
    const Ran ran = world.run({"--now", "2026-11-23T02:30:00Z"});
    INFO(ran.err);
    REQUIRE(ran.exit_code == 0);
    CHECK(world.users_view() == before);
    CHECK(world.git({"rev-parse", kNight}) == ours);
  }
  SECTION("a human's commit on it is kept, and the branch is named") {
    world.git({"checkout", "-q", kNight});
    world.write("a.txt", "keep a\nkeep a2\na human's\n");
    world.commit("a human's", "2026-11-22T10:00:00Z");
    const std::string theirs = world.git({"rev-parse", "HEAD"});
    world.git({"checkout", "-q", "main"});
    REQUIRE(world.run({"--now", "2026-11-23T02:30:00Z"}).exit_code == 0);
    CHECK(world.git({"rev-parse", kNight}) == theirs);
    CHECK(contains(report(world, "2026-11-23"), kNight));
  }
  SECTION("what no longer fits is set aside under another ref, and said") {
    world.write("a.txt", "a human wrote all of this anew\nBAD one, too\n");
    world.commit("a human's", "2026-11-22T10:00:00Z");
    REQUIRE(world.run({"--now", "2026-11-23T02:30:00Z"}).exit_code == 0);
    const std::string kept = world.git({"for-each-ref", "--format=%(objectname)", "refs/daydream/set-aside"});
    CHECK(kept == ours);
    CHECK(contains(report(world, "2026-11-23"), "refs/daydream/set-aside"));
    CHECK(contains(world.git({"show", "daydream/2026-11-23:a.txt"}), "a human wrote all of this anew"));
    CHECK_FALSE(contains(world.git({"show", "daydream/2026-11-23:a.txt"}), "BAD"));
  }
}

TEST_CASE("a repository of many files") {
  const bool is_long = std::getenv("DAYDREAM_LONG") != nullptr;
  const int files = is_long ? 100'000 : 3'000;
  World world;
  marked_project(world);
  for (int i = 0; i < files; ++i)
    world.write("many/" + std::to_string(i % 100) + "/" + std::to_string(i) + ".md",
                "text " + std::to_string(i) + "\n");
  world.commit("many");
  marker_manifest(world);
  const std::string status = world.git({"status", "--porcelain"});
  const Ran ran = world.run();
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  CHECK(changed(world, kNight) == "a.txt\nc.txt");
  CHECK(world.git({"status", "--porcelain"}) == status);
}
