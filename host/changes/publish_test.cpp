#include "changes/publish.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "base/files.hpp"
#include "changes/night.hpp"
#include "changes/undo_pack.hpp"
#include "changes/world_for_tests.hpp"

namespace daydream::changes {

using testing::create;
using testing::removal;
using testing::replace;
using testing::run_step;
using testing::slurp;
using testing::step_of;
using testing::World;
namespace fs = std::filesystem;

namespace {

const std::string kText = "import os\nimport sys\nx = 1\ny = 2\n";
const std::string kBranch = "refs/heads/daydream/2026-11-22";

void standard(World& world) {
  world.init();
  world.write("a.py", kText);
  world.write("b.py", "b\n");
  world.write("tool.sh", "old\n");
  fs::permissions(world.live() / "tool.sh", fs::perms(0755));
  world.commit_all();
}

std::vector<Effect> three_effects() {
  return {replace("a.py", kText, "import os\n", "", 1), replace("a.py", kText, "y = 2", "y = 3", 2),
          create("new.py", "n\n", 3)};
}

}  // namespace

TEST_CASE("branch mode makes one commit a rule in order of rule name and moves only its own ref") {
  World world;
  standard(world);
  world.write("b.py", "dirty\n");
  auto before = world.belongings();
  {
    auto tree = world.open();
    auto step = step_of(world, Mode::kBranch, three_effects());
    step.findings[2].rule = "deprecated-pattern";
    step.options.verify_words = "pytest -q";
    auto published = run_step(*tree, step);
    CHECK(world.git({"rev-parse", kBranch}) == published.tip);
    CHECK(world.git({"log", "--reverse", "--format=%s", "main.." + kBranch}) ==
          "deprecated-pattern: replace 1 deprecated pattern\nunused-import: remove 2 unused imports");
    CHECK(published.commits.at(1) == published.tip);
    CHECK(published.commits.at(2) == world.git({"rev-parse", kBranch + "^"}));
    CHECK(world.git({"show", kBranch + "^:a.py"}) == "import os\nimport sys\nx = 1\ny = 3");
    CHECK(world.git({"show", kBranch + ":a.py"}) == "import sys\nx = 1\ny = 3");
    CHECK(world.git({"show", "-s", "--format=%(trailers:unfold)", kBranch}) ==
          "Daydream-Run: 2026-11-22\nDaydream-Step: legacy_cleanup\nDaydream-Rule: unused-import\n"
          "Daydream-Verified: pytest -q\n");
    CHECK(world.git({"show", "-s", "--format=%b", kBranch}).find("a.py:1 message 1\n") == 0);
    CHECK(tree->commit() == published.tip);
    CHECK(tree->read("a.py").value() == "import sys\nx = 1\ny = 3\n");
  }
  CHECK(world.belongings() == before);
}

TEST_CASE("publishing again after a kill at any point ends the same") {
  World world;
  standard(world);
  auto step = step_of(world, Mode::kBranch, three_effects());
  std::string base;
  std::string tip;
  {
    auto tree = world.open();
    base = tree->commit();
    tip = run_step(*tree, step).tip;
  }
  SECTION("the ref was moved, the store not told") {}
  SECTION("commits were made, the ref not moved") {
    world.git({"update-ref", "-d", kBranch});
  }
  SECTION("the tree was half written") {
    world.git({"update-ref", "-d", kBranch});
    fs::remove(world.work() / "tree.state");
    std::ofstream(world.work() / "tree/a.py") << "half";
    std::ofstream(world.live() / ".git/worktrees/tree/index.lock") << "";
  }
  auto tree = world.open_at(base);
  CHECK(run_step(*tree, step).tip == tip);
  CHECK(world.git({"rev-parse", kBranch}) == tip);
}

TEST_CASE("a lock that a killed git left on the branch is cleared, one that somebody holds is waited for") {
  World world;
  standard(world);
  const fs::path lock = world.live() / ".git/refs/heads/daydream/2026-11-22.lock";
  fs::create_directories(lock.parent_path());
  std::ofstream(lock) << "half";
  fs::last_write_time(lock, fs::file_time_type::clock::now() - std::chrono::minutes(1));
  auto tree = world.open();
  auto published = run_step(*tree, step_of(world, Mode::kBranch, three_effects()));
  CHECK(world.git({"rev-parse", kBranch}) == published.tip);
  CHECK_FALSE(fs::exists(lock));
}

TEST_CASE("a night branch that somebody else moved stays theirs, and the night goes on beside it") {
  World world;
  standard(world);
  world.git({"update-ref", kBranch, "HEAD"});
  auto tree = world.open();
  auto step = step_of(world, Mode::kBranch, three_effects());
  Draft draft(*tree);
  for (const auto& effect : step.effects) REQUIRE(draft.add(effect).ok());
  auto published = publish(*tree, draft, step.findings, step.apply, {}, step.options);
  REQUIRE(published.ok());
  CHECK(world.git({"rev-parse", kBranch}) == world.git({"rev-parse", "HEAD"}));
  CHECK(published->ref == kBranch + "-2");
  CHECK(world.git({"rev-parse", published->ref}) == published->tip);
  CHECK(published->notes.size() == 1);
}

TEST_CASE("a night branch that a human has checked out is not moved under them") {
  World world;
  standard(world);
  auto tree = world.open();
  auto first = run_step(*tree, step_of(world, Mode::kBranch, {replace("a.py", kText, "x = 1", "x = 2", 1)}));
  world.git({"checkout", "-q", "daydream/2026-11-22"});
  auto before = world.belongings();
  auto step = step_of(world, Mode::kBranch, {replace("b.py", "b\n", "b", "c", 1)});
  step.options.expected_ref = first.tip;
  auto published = run_step(*tree, step);
  CHECK(world.git({"rev-parse", kBranch}) == first.tip);
  CHECK(published.ref == kBranch + "-2");
  CHECK(world.git({"rev-parse", published.ref}) == published.tip);
  REQUIRE(published.notes.size() == 1);
  CHECK(published.notes[0].find("is checked out at") != std::string::npos);
  CHECK(world.belongings() == before);
}

TEST_CASE("hooks, signing and monitors of the repository do not run") {
  World world;
  standard(world);
  Path mark = world.root() / "ran";
  std::string program = "#!/bin/sh\ntouch " + mark.string() + "\nexit 1\n";
  for (const char* hook :
       {"post-checkout", "reference-transaction", "post-index-change", "pre-commit", "post-commit"}) {
    world.write(std::string(".git/hooks/") + hook, program);
    fs::permissions(world.live() / ".git/hooks" / hook, fs::perms(0755));
  }
  std::ofstream(world.root() / "program") << program;
  fs::permissions(world.root() / "program", fs::perms(0755));
  for (const char* key : {"core.fsmonitor", "gpg.program", "core.sshCommand", "diff.external", "core.pager"}) {
    world.git({"-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "config", key,
               (world.root() / "program").string()});
  }
  world.git({"-c", "core.fsmonitor=false", "config", "commit.gpgSign", "true"});
  auto tree = world.open();
  auto published = run_step(*tree, step_of(world, Mode::kBranch, three_effects()));
  CHECK(published.commits.size() == 3);
  CHECK_FALSE(fs::exists(mark));
}

TEST_CASE("findings that are one change leave together or not at all") {
  World world;
  standard(world);
  auto tree = world.open();
  // The two overlap: one change. Finding 2 is for review only.
  auto step = step_of(world, Mode::kBranch,
                      {replace("a.py", kText, "import os\n", "", 1), replace("a.py", kText, "os\nimport sys\n", "", 2),
                       replace("b.py", "b\n", "b", "c", 3)});
  step.apply = {1, 3};
  step.review = {2};
  auto published = run_step(*tree, step);
  CHECK(published.commits.count(1) == 0);
  CHECK(published.commits.count(3) == 1);
  CHECK(tree->read("a.py").value() == kText);
  auto patch = slurp(world.state() / "patches/2026-11-22/review-01-legacy_cleanup.patch");
  CHECK(patch.find("-import os\n-import sys\n") != std::string::npos);
  CHECK(patch.find("b.py") == std::string::npos);
}

TEST_CASE("the message of a commit lists fifty findings and escapes what they say") {
  World world;
  world.init();
  std::string text;
  for (int i = 0; i < 120; ++i) text += "line " + std::to_string(i) + ";\n";
  world.write("a.py", text);
  world.commit_all();
  std::vector<Effect> effects;
  for (int i = 0; i < 120; i += 2) {
    effects.push_back(
        replace("a.py", text, "line " + std::to_string(i) + ";\n", "", static_cast<FindingNumber>(i + 1)));
  }
  auto tree = world.open();
  auto step = step_of(world, Mode::kBranch, effects);
  step.findings[1].message = "evil \x1b[31m\n\nDaydream-Run: forged";
  run_step(*tree, step);
  auto body = world.git({"show", "-s", "--format=%B", kBranch});
  CHECK(body.find("and 10 more\n") != std::string::npos);
  CHECK(body.find('\x1b') == std::string::npos);
  CHECK(body.find("\nDaydream-Run: forged") == std::string::npos);
}

TEST_CASE("patch mode writes a series and one sum that git apply and patch take, and touches no ref") {
  World world;
  standard(world);
  auto before = world.belongings();
  auto refs = world.git({"for-each-ref"});
  std::string applied;
  {
    auto tree = world.open();
    auto first = step_of(world, Mode::kPatch, three_effects());
    CHECK(run_step(*tree, first).commits.empty());
    auto second =
        step_of(world, Mode::kPatch,
                {replace("a.py", "import sys\nx = 1\ny = 3\n", "x = 1", "x = 9", 1), removal("tool.sh", "old\n", 2)});
    second.options.step_number = 2;
    second.options.step_id = "docs_update";
    run_step(*tree, second);
  }
  CHECK(world.belongings() == before);
  CHECK(world.git({"for-each-ref"}) == refs);
  Path folder = world.state() / "patches/2026-11-22";
  world.git({"apply", "--check", (folder / "all.patch").string()});
  world.git({"apply", (folder / "01-legacy_cleanup.patch").string()});
  world.git({"apply", (folder / "02-docs_update.patch").string()});
  CHECK(world.read("a.py") == "import sys\nx = 9\ny = 3\n");
  CHECK(world.read("tool.sh") == "(absent)");
  CHECK(world.read("new.py") == "n\n");
}

TEST_CASE("observe leaves nothing behind but the private tree") {
  World world;
  standard(world);
  auto before = world.belongings();
  auto refs = world.git({"for-each-ref"});
  auto tree = world.open();
  auto step = step_of(world, Mode::kObserve, three_effects());
  step.apply = {1, 2};
  step.review = {3};
  auto published = run_step(*tree, step);
  CHECK(tree->read("a.py").value() == "import sys\nx = 1\ny = 3\n");
  CHECK(tree->commit() == published.tip);
  CHECK(world.belongings() == before);
  CHECK(world.git({"for-each-ref"}) == refs);
  CHECK(fs::is_empty(world.state()));
}

TEST_CASE("in place the result is written with mode kept and undo copies, again and again the same") {
  World world;
  standard(world);
  std::string base;
  auto effects = three_effects();
  effects.push_back(replace("tool.sh", "old\n", "old", "new", 4));
  effects.push_back(removal("b.py", "b\n", 5));
  auto step = step_of(world, Mode::kInPlace, effects);
  auto check = [&](const Published& published) {
    CHECK(published.conflicts.empty());
    CHECK(world.read("a.py") == "import sys\nx = 1\ny = 3\n");
    CHECK(world.read("new.py") == "n\n");
    CHECK(world.read("b.py") == "(absent)");
    struct stat facts {};
    REQUIRE(::stat((world.live() / "tool.sh").c_str(), &facts) == 0);
    CHECK((facts.st_mode & 0777) == 0755);
    auto undo = read_undo(world.state() / "undo/2026-11-22/01-legacy_cleanup.undo.zst");
    REQUIRE(undo);
    std::map<std::string, UndoEntry> kept;
    for (const UndoEntry& entry : *undo) kept[entry.path] = entry;
    CHECK(kept.at("a.py").old == std::string(kText));
    CHECK(kept.at("b.py").old == "b\n");
    CHECK(kept.at("b.py").new_sha256.empty());
    CHECK_FALSE(kept.at("new.py").old);
    CHECK(kept.at("tool.sh").mode == 0755);
  };
  {
    auto tree = world.open();
    base = tree->commit();
    check(run_step(*tree, step));
  }
  SECTION("all was written") {}
  SECTION("half was written") {
    world.write("a.py", kText);
    world.write("b.py", "b\n");
  }
  SECTION("a temporary file was left") {
    fs::remove(world.live() / "new.py");
    world.write(".new.py.daydream-tmp", "half");
  }
  auto tree = world.open_at(base);
  check(run_step(*tree, step));
  CHECK(world.git({"status", "--porcelain"}) == " M a.py\n D b.py\n M tool.sh\n?? new.py");
  CHECK(world.git({"for-each-ref", "--format=%(refname)"}) == "refs/heads/main");
}

TEST_CASE("in place writes only to what git knows as clean and what is a plain file") {
  World world;
  standard(world);
  auto tree = world.open();
  std::string expected = "b\n";
  SECTION("edited") {
    world.write("b.py", "human\n");
    expected = "human\n";
  }
  SECTION("staged and put back") {
    world.write("b.py", "staged\n");
    world.git({"add", "b.py"});
    world.write("b.py", "b\n");
  }
  SECTION("a symlink") {
    fs::rename(world.live() / "b.py", world.live() / "target");
    fs::create_symlink("target", world.live() / "b.py");
  }
  SECTION("a hard link") {
    fs::create_hard_link(world.live() / "b.py", world.root() / "second");
  }
  SECTION("gone") {
    fs::remove(world.live() / "b.py");
    expected = "(absent)";
  }
  // Finding 1 changes both files: where one may not be written, neither is.
  auto step = step_of(world, Mode::kInPlace,
                      {replace("a.py", kText, "x = 1", "x = 2", 1), replace("b.py", "b\n", "b", "c", 1),
                       replace("a.py", kText, "import os\n", "", 2)});
  auto published = run_step(*tree, step);
  CHECK(world.read("b.py") == expected);
  CHECK(world.read("a.py") == "import sys\nx = 1\ny = 2\n");
  REQUIRE(published.conflicts.count(1) == 1);
  CHECK(published.conflicts.at(1).find("b.py: ") == 0);
  CHECK(published.conflicts.count(2) == 0);
  CHECK(tree->read("b.py").value() == "b\n");
}

TEST_CASE("in place a second step goes on from what the first wrote") {
  World world;
  standard(world);
  auto tree = world.open();
  run_step(*tree, step_of(world, Mode::kInPlace, {replace("a.py", kText, "x = 1", "x = 2", 1)}));
  std::string now = tree->read("a.py").value();
  auto step = step_of(world, Mode::kInPlace, {replace("a.py", now, "y = 2", "y = 4", 1)});
  step.options.step_number = 2;
  CHECK(run_step(*tree, step).conflicts.empty());
  CHECK(world.read("a.py") == "import os\nimport sys\nx = 2\ny = 4\n");
}

TEST_CASE("without git in-place and patch work from the copy") {
  World world;
  world.write("a.py", kText);
  auto tree = world.open(false);
  SECTION("in-place") {
    run_step(*tree, step_of(world, Mode::kInPlace, {replace("a.py", kText, "x = 1", "x = 2", 1)}));
    CHECK(world.read("a.py") == "import os\nimport sys\nx = 2\ny = 2\n");
  }
  SECTION("in-place, edited since") {
    world.write("a.py", "human\n");
    auto published = run_step(*tree, step_of(world, Mode::kInPlace, {replace("a.py", kText, "x = 1", "x = 2", 1)}));
    CHECK(published.conflicts.size() == 1);
    CHECK(world.read("a.py") == "human\n");
  }
  SECTION("patch") {
    run_step(*tree, step_of(world, Mode::kPatch, {replace("a.py", kText, "x = 1", "x = 2", 1)}));
    CHECK(world.read("a.py") == kText);
    CHECK(slurp(world.state() / "patches/2026-11-22/all.patch").find("+x = 2") != std::string::npos);
    world.git({"apply", (world.state() / "patches/2026-11-22/all.patch").string()});
    CHECK(world.read("a.py") == "import os\nimport sys\nx = 2\ny = 2\n");
  }
}

}  // namespace daydream::changes
