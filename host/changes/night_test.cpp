#include "changes/night.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "base/files.hpp"
#include "changes/publish.hpp"
#include "changes/world_for_tests.hpp"

namespace daydream::changes {

using testing::replace;
using testing::World;
namespace fs = std::filesystem;

namespace {

const std::string kOld = "refs/heads/daydream/2026-11-21";
const std::string kNew = "refs/heads/daydream/2026-11-22";
const Instant kTonight{1'795'400'000'000};

std::string text_with(const std::string& a, const std::string& b) {
  return "top\n" + a + "\n1\n2\n3\n4\n5\n6\n7\n8\n" + b + "\nend\n";
}

// Last night left two commits on its branch: one in a.py's first lines, one in its last.
struct LastNight {
  LastNight() {
    world.init();
    world.write("a.py", text_with("aaa", "bbb"));
    world.write("other.py", "o\n");
    base = world.commit_all();
    auto tree = world.open();
    auto step = testing::step_of(world, Mode::kBranch,
                                 {replace("a.py", text_with("aaa", "bbb"), "aaa", "AAA", 1),
                                  replace("a.py", text_with("aaa", "bbb"), "bbb", "BBB", 2)});
    step.findings[2].rule = "unused-variable";
    step.options.date = step.options.run_id = "2026-11-21";
    auto published = testing::run_step(*tree, step);
    last.ref = published.ref;
    last.base = base;
    last.tip = published.tip;
    last.commits = {{published.commits.at(1), "2026-11-21", "s", "unused-import", {"id-1"}, {"content-1"}},
                    {published.commits.at(2), "2026-11-21", "s", "unused-variable", {"id-2"}, {"content-2"}}};
    REQUIRE(last.commits[1].id == last.tip);
  }
  // Tonight, as the pipeline does it: carry, then finish, on whatever HEAD is now.
  Carried tonight() {
    auto tree = open();
    auto carried = carry(*tree, last, world.git({"rev-parse", "main"}), "2026-11-22", kTonight);
    INFO((carried.ok() ? "" : carried.error().message()));
    REQUIRE(carried.ok());
    auto again = carry(*tree, last, world.git({"rev-parse", "main"}), "2026-11-22", kTonight);
    REQUIRE(again.ok());
    CHECK(again->night.to_json() == carried->night.to_json());  // killed before the store knew: the same
    CHECK(again->notes == carried->notes);
    return std::move(*carried);
  }
  std::vector<std::string> finished(const Carried& carried) {
    auto tree = open();
    auto notes = finish(*tree, last, carried.night);
    INFO((notes.ok() ? "" : notes.error().message()));
    REQUIRE(notes.ok());
    auto again = finish(*tree, last, carried.night);
    REQUIRE(again.ok());
    CHECK(*again == *notes);
    return std::move(*notes);
  }
  std::unique_ptr<SourceTree> open() const { return world.open(); }
  [[nodiscard]] std::string branches() const {
    return world.git({"for-each-ref", "--format=%(refname)", "refs/heads/daydream", "refs/daydream"});
  }
  void advance_main(const std::string& path, const std::string& content) {
    world.write(path, content);
    world.commit_all("human work");
  }
  // What a human with a second clone would do; the user's own work tree stays on main.
  std::string human_commit_on(const std::string& branch) const {
    auto tree = world.git({"rev-parse", branch + "^{tree}"});
    auto blob = world.git({"hash-object", "-w", "--stdin"}, "human\n");
    auto listing = world.git({"ls-tree", branch}) + "\n100644 blob " + blob + "\thuman.py\n";
    auto commit = world.git({"commit-tree", "-p", branch, "-m", "human", world.git({"mktree"}, listing)});
    world.git({"update-ref", branch, commit});
    return commit;
  }
  World world;
  std::string base;
  Night last;
};

std::vector<std::string> declined_ids(const Carried& carried) {
  std::vector<std::string> result;
  for (const auto& declined : carried.declined) result.push_back(declined.finding + ": " + declined.why);
  return result;
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE_METHOD(LastNight, "unmerged commits on an unmoved base are carried as they are, under tonight's name") {
  auto before = world.belongings();
  auto carried = tonight();
  CHECK(carried.start == last.tip);
  CHECK(carried.night.ref == kNew);
  CHECK(carried.night.commits.size() == 2);
  CHECK(carried.declined.empty());
  CHECK(branches() == kOld);  // until the store knows
  CHECK(finished(carried).empty());
  CHECK(branches() == kNew);
  CHECK(world.git({"rev-parse", kNew}) == last.tip);
  CHECK(world.belongings() == before);
}

TEST_CASE_METHOD(LastNight, "when the base moved they are rebased, with the same ids each time") {
  advance_main("other.py", "moved\n");
  auto carried = tonight();
  REQUIRE(carried.night.commits.size() == 2);
  CHECK(carried.night.commits[1].id != last.tip);
  CHECK(carried.night.commits[1].findings == Strings{"id-2"});
  CHECK(world.git({"show", carried.start + ":a.py"}) + "\n" == text_with("AAA", "BBB"));
  CHECK(world.git({"show", carried.start + ":other.py"}) == "moved");
  CHECK(world.git({"rev-parse", carried.start + "~2"}) == world.git({"rev-parse", "main"}));
  CHECK(world.git({"show", "-s", "--format=%an %ct", carried.start}) == "Daydream 1795400000");
  CHECK(world.git({"show", "-s", "--format=%(trailers:key=Daydream-Rule,valueonly)", carried.start}) ==
        "unused-variable\n");
  CHECK(finished(carried).empty());
  CHECK(branches() == kNew);
}

TEST_CASE_METHOD(LastNight, "a commit that no longer fits is set aside and said, the other is carried") {
  advance_main("a.py", text_with("human", "bbb"));
  auto carried = tonight();
  REQUIRE(carried.night.commits.size() == 1);
  CHECK(carried.night.commits[0].rule == "unused-variable");
  CHECK(carried.declined.empty());
  REQUIRE(carried.notes.size() == 1);
  CHECK(carried.notes[0].find("refs/daydream/set-aside/2026-11-22-1") != std::string::npos);
  CHECK(world.git({"rev-parse", "refs/daydream/set-aside/2026-11-22-1"}) == last.tip);
  finished(carried);
  CHECK(branches() == "refs/daydream/set-aside/2026-11-22-1\n" + kNew);
}

TEST_CASE_METHOD(LastNight, "merged, fast-forwarded, cherry-picked or squashed: nothing is carried or declined") {
  SECTION("merged") {
    advance_main("other.py", "moved\n");
    world.git({"merge", "-q", "--no-ff", "-m", "merge", kOld});
  }
  SECTION("fast-forwarded") {
    world.git({"merge", "-q", "--ff-only", kOld});
  }
  SECTION("cherry-picked") {
    advance_main("other.py", "moved\n");
    world.git({"cherry-pick", last.commits[0].id, last.commits[1].id});
    advance_main("other.py", "moved again\n");
  }
  SECTION("squashed") {
    advance_main("other.py", "moved\n");
    world.git({"merge", "-q", "--squash", kOld});
    world.git({"commit", "-q", "-m", "squash"});
    advance_main("other.py", "moved again\n");
  }
  SECTION("squashed, and the branch deleted") {
    world.git({"merge", "-q", "--squash", kOld});
    world.git({"commit", "-q", "-m", "squash"});
    world.git({"branch", "-q", "-D", "daydream/2026-11-21"});
  }
  auto carried = tonight();
  CHECK(carried.merged.size() == 2);
  CHECK(carried.night.commits.empty());
  CHECK(carried.declined.empty());
  CHECK(carried.start == world.git({"rev-parse", "main"}));
  CHECK(finished(carried).empty());
  CHECK(branches().empty());
}

TEST_CASE_METHOD(LastNight, "one commit merged, the other goes on") {
  world.git({"cherry-pick", last.commits[0].id});
  auto carried = tonight();
  CHECK(carried.merged == Strings{last.commits[0].id});
  REQUIRE(carried.night.commits.size() == 1);
  CHECK(carried.night.commits[0].findings == Strings{"id-2"});
}

TEST_CASE_METHOD(LastNight, "to delete the branch declines what was on it") {
  world.git({"branch", "-q", "-D", "daydream/2026-11-21"});
  auto carried = tonight();
  CHECK(declined_ids(carried) == Strings{"id-1: branch deleted", "id-2: branch deleted"});
  CHECK(carried.declined[0].content == "content-1");
  CHECK(carried.start == base);
  CHECK(finished(carried).empty());
  CHECK(branches().empty());
}

TEST_CASE_METHOD(LastNight, "the branch deleted and its commits gone from the repository declines as well") {
  world.git({"branch", "-q", "-D", "daydream/2026-11-21"});
  REQUIRE(files::remove_tree(world.work()).ok());
  world.git({"worktree", "prune"});
  world.git({"reflog", "expire", "--expire=now", "--all"});
  world.git({"gc", "-q", "--prune=now"});
  auto carried = tonight();
  CHECK(carried.declined.size() == 2);
  CHECK(carried.notes.size() == 1);
}

TEST_CASE_METHOD(LastNight, "to drop one commit from the branch declines that one, though the other was rebased") {
  // As `git rebase -i` leaves it: the first commit gone, the second with another id.
  world.git({"checkout", "-q", "--detach", base});
  world.git({"cherry-pick", last.commits[1].id});
  world.git({"commit", "-q", "--amend", "--no-edit", "--date=@1700000009 +0000"});
  world.git({"update-ref", kOld, "HEAD"});
  world.git({"checkout", "-q", "main"});
  auto carried = tonight();
  CHECK(declined_ids(carried) == Strings{"id-1: commit dropped"});
  REQUIRE(carried.night.commits.size() == 1);
  CHECK(carried.night.commits[0].findings == Strings{"id-2"});
  CHECK(finished(carried).empty());
  CHECK(branches() == kNew);
}

TEST_CASE_METHOD(LastNight, "a branch with a human's commit stays and is named, ours are carried") {
  auto commit = human_commit_on(kOld);
  auto carried = tonight();
  CHECK(carried.night.commits.size() == 2);
  auto notes = finished(carried);
  REQUIRE(notes.size() == 1);
  CHECK(notes[0].find("daydream/2026-11-21 stays: it holds commits") != std::string::npos);
  CHECK(branches() == kOld + "\n" + kNew);
  CHECK(world.git({"rev-parse", kOld}) == commit);
}

TEST_CASE_METHOD(LastNight, "a branch with a human's commit that was merged may go") {
  human_commit_on(kOld);
  world.git({"merge", "-q", "--no-ff", "-m", "merge", kOld});
  auto carried = tonight();
  CHECK(carried.merged.size() == 2);
  CHECK(finished(carried).empty());
  CHECK(branches().empty());
}

TEST_CASE_METHOD(LastNight, "a branch that is checked out or has an upstream stays and is named") {
  std::string why;
  SECTION("checked out here") {
    world.git({"checkout", "-q", "daydream/2026-11-21"});
    why = "is checked out at";
  }
  SECTION("checked out elsewhere") {
    world.git({"worktree", "add", "-q", (world.root() / "review").string(), "daydream/2026-11-21"});
    why = "is checked out at";
  }
  SECTION("upstream configured") {
    world.git({"config", "branch.daydream/2026-11-21.merge", "refs/heads/x"});
    why = "has an upstream";
  }
  SECTION("pushed") {
    world.git({"update-ref", "refs/remotes/origin/daydream/2026-11-21", last.tip});
    why = "has an upstream";
  }
  auto before = world.belongings();
  auto carried = tonight();
  auto notes = finished(carried);
  REQUIRE(notes.size() == 1);
  CHECK(notes[0].find(why) != std::string::npos);
  CHECK(branches() == kOld + "\n" + kNew);
  CHECK(world.belongings() == before);
}

TEST_CASE_METHOD(LastNight, "a second run of the day goes on with the same branch, unless a human holds it") {
  auto tree = open();
  auto main = world.git({"rev-parse", "main"});
  SECTION("free") {
    auto carried = carry(*tree, last, main, "2026-11-21", kTonight);
    REQUIRE(carried.ok());
    CHECK(carried->night.ref == kOld);
    REQUIRE(finish(*tree, last, carried->night).ok());
    CHECK(branches() == kOld);
  }
  SECTION("free, all merged since") {
    world.git({"merge", "-q", "--ff-only", kOld});
    auto carried = carry(*tree, last, world.git({"rev-parse", "main"}), "2026-11-21", kTonight);
    REQUIRE(carried.ok());
    CHECK(carried->night.commits.empty());
    REQUIRE(finish(*tree, last, carried->night).ok());
    CHECK(branches().empty());
  }
  SECTION("checked out") {
    world.git({"checkout", "-q", "daydream/2026-11-21"});
    auto carried = carry(*tree, last, main, "2026-11-21", kTonight);
    REQUIRE(carried.ok());
    CHECK(carried->night.ref == kOld + "-2");
    REQUIRE(finish(*tree, last, carried->night).ok());
    CHECK(branches() == kOld + "\n" + kOld + "-2");
  }
}

TEST_CASE("tonight's name gives way to branches that are there") {
  World world;
  world.init();
  world.write("a.py", "a\n");
  auto head = world.commit_all();
  auto tree = world.open();
  SECTION("of the same name") {
    world.git({"branch", "daydream/2026-11-22"});
    CHECK(carry(*tree, {}, head, "2026-11-22", kTonight)->night.ref == kNew + "-2");
  }
  SECTION("in the way") {
    world.git({"branch", "daydream"});
    CHECK(carry(*tree, {}, head, "2026-11-22", kTonight)->night.ref == "refs/heads/daydream-2026-11-22");
  }
  SECTION("none") {
    auto carried = carry(*tree, {}, head, "2026-11-22", kTonight);
    REQUIRE(carried.ok());
    CHECK(carried->night.ref == kNew);
    CHECK(carried->start == head);
    REQUIRE(finish(*tree, {}, carried->night).ok());
    CHECK(world.git({"for-each-ref", "--format=%(refname)"}) == "refs/heads/main");
  }
}

TEST_CASE("a ref moves only from where it was expected, and is done when it is there") {
  World world;
  world.init();
  world.write("a.py", "a\n");
  auto one = world.commit_all("one");
  auto two = world.commit_all("two");
  auto tree = world.open();
  CHECK(move_ref(*tree, kNew, "", one).ok());
  CHECK(move_ref(*tree, kNew, "", one).ok());
  CHECK(move_ref(*tree, kNew, "", two).error().kind() == ErrorKind::kConflict);
  CHECK(move_ref(*tree, kNew, one, two).ok());
  CHECK(move_ref(*tree, kNew, one, two).ok());
  CHECK(move_ref(*tree, kNew, one, one).ok() == false);
  CHECK(world.git({"rev-parse", kNew}) == two);
}

TEST_CASE("a night survives its JSON") {
  Night night{"refs/heads/x", "b", "t", {{"c", "r", "s", "rule", {"f\"1", "f2"}, {"x", "y"}}}};
  auto read = Night::from_json(night.to_json());
  REQUIRE(read.ok());
  CHECK(read->to_json() == night.to_json());
  CHECK(read->commits[0].findings == Strings{"f\"1", "f2"});
  CHECK_FALSE(Night::from_json("[1]").ok());
}

}  // namespace daydream::changes
