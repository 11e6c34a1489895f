#include "changes/source_tree.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <fstream>

#include "base/files.hpp"
#include "changes/world_for_tests.hpp"

namespace daydream::changes {

using testing::token_of;
using testing::World;
namespace fs = std::filesystem;

namespace {

std::vector<std::string> names(SourceTree& tree) {
  auto entries = tree.list();
  REQUIRE(entries.ok());
  std::vector<std::string> result;
  for (const auto& entry : *entries) result.push_back(entry.path);
  return result;
}

std::uint64_t token(SourceTree& tree, const std::string& path) {
  auto entries = tree.list();
  REQUIRE(entries.ok());
  for (const auto& entry : *entries) {
    if (entry.path == path) return entry.token;
  }
  return 0;
}

}  // namespace

TEST_CASE("the private tree lists regular tracked files in byte order with the tokens of their bytes") {
  World world;
  world.init();
  world.write("b.py", "b\n");
  world.write("a dir/\xff\n.py", "odd\n");
  world.write("crlf.txt", "one\r\ntwo");
  fs::create_symlink("b.py", world.live() / "link");
  world.commit_all();
  world.write("untracked", "x");
  auto tree = world.open();
  CHECK(names(*tree) == std::vector<std::string>{"a dir/\xff\n.py", "b.py", "crlf.txt"});
  CHECK(token(*tree, "crlf.txt") == token_of("one\r\ntwo"));
  CHECK(tree->read("a dir/\xff\n.py").value() == "odd\n");
  CHECK_FALSE(tree->read("link").ok());
  CHECK_FALSE(tree->read("../live/b.py").ok());
}

TEST_CASE("neither the user's tree nor index, HEAD, settings or hooks are touched by opening and editing") {
  World world;
  world.init();
  world.write("a.py", "a\n");
  world.write("b.py", "b\n");
  world.commit_all();
  world.write("b.py", "dirty\n");
  world.write("staged.py", "staged\n");
  world.git({"add", "staged.py"});
  auto before = world.belongings();
  {
    auto tree = world.open();
    REQUIRE(tree->write("a.py", "changed\n").ok());
    REQUIRE(tree->remove("b.py").ok());
    REQUIRE(tree->commit_paths({tree->commit(), "m", {"a.py", "b.py"}, 0}).ok());
  }
  CHECK(world.belongings() == before);
}

TEST_CASE("after a write the token is that of the new content and a reset brings all back") {
  World world;
  world.init();
  world.write("a.py", "a\n");
  world.write("dir/b.py", "b\n");
  auto head = world.commit_all();
  auto tree = world.open();
  REQUIRE(tree->write("a.py", "new\n").ok());
  REQUIRE(tree->write("fresh/c.py", "c\n").ok());
  REQUIRE(tree->remove("dir/b.py").ok());
  CHECK(token(*tree, "a.py") == token_of("new\n"));
  CHECK(names(*tree) == std::vector<std::string>{"a.py", "fresh/c.py"});
  REQUIRE(tree->reset(head).ok());
  CHECK(token(*tree, "a.py") == token_of("a\n"));
  CHECK(names(*tree) == std::vector<std::string>{"a.py", "dir/b.py"});
  CHECK_FALSE(fs::exists(tree->path() / "fresh"));
}

TEST_CASE("a tree that is known to be clean is not looked at by git again") {
  World world;
  world.init();
  world.write("a.py", "a\n");
  world.commit_all();
  { CHECK(names(*world.open()) == std::vector<std::string>{"a.py"}); }
  // Without an index git could list nothing: the answer comes from the record beside the tree.
  fs::remove(world.live() / ".git/worktrees/tree/index");
  auto tree = world.open();
  CHECK(names(*tree) == std::vector<std::string>{"a.py"});
}

TEST_CASE("a file changed behind our back is noticed at the next start") {
  World world;
  world.init();
  world.write("a.py", "a\n");
  world.commit_all();
  { CHECK(names(*world.open()).size() == 1); }
  std::ofstream(world.work() / "tree/a.py") << "tampered\n";
  std::ofstream(world.work() / "tree/stray") << "x";
  auto tree = world.open();
  CHECK(tree->read("a.py").value() == "a\n");
  CHECK_FALSE(fs::exists(tree->path() / "stray"));
}

TEST_CASE("a worktree left by a kill at any stage is mended") {
  World world;
  world.init();
  world.write("a.py", "a\n");
  world.commit_all();
  { world.open(); }
  Path tree = world.work() / "tree";
  Path admin = world.live() / ".git/worktrees/tree";
  REQUIRE(fs::exists(admin));
  SECTION("the folder is gone") {
    REQUIRE(files::remove_tree(tree).ok());
  }
  SECTION("its administration is gone") {
    REQUIRE(files::remove_tree(admin).ok());
  }
  SECTION("locks were left") {
    std::ofstream(admin / "index.lock") << "";
    std::ofstream(admin / "HEAD.lock") << "";
    std::ofstream(admin / "ORIG_HEAD.lock") << "half a na";
    fs::remove(world.work() / "tree.state");
  }
  SECTION("the pointer is empty") {
    std::ofstream(tree / ".git") << "";
  }
  SECTION("the index is torn") {
    std::ofstream(admin / "index") << "DIRC";
    fs::remove(world.work() / "tree.state");
  }
  SECTION("HEAD is empty") {
    std::ofstream(admin / "HEAD") << "";
    fs::remove(world.work() / "tree.state");
  }
  SECTION("git was killed while it made the entry") {
    std::ofstream(admin / "commondir") << "";
    REQUIRE(files::remove_tree(tree).ok());
  }
  SECTION("the machine was restarted") {
    std::ofstream(world.work() / "machine_start") << "another";
    fs::remove(world.work() / "tree.state");
    std::ofstream(tree / "a.py") << "";
  }
  SECTION("all of the work directory is gone") {
    REQUIRE(files::remove_tree(world.work()).ok());
  }
  auto again = world.open();
  CHECK(names(*again) == std::vector<std::string>{"a.py"});
  CHECK_FALSE(fs::exists(admin / "ORIG_HEAD.lock"));
  CHECK(again->read("a.py").value() == "a\n");
  REQUIRE(again->write("a.py", "b\n").ok());
  CHECK(again->commit_paths({again->commit(), "m", {"a.py"}, 0}).ok());
}

TEST_CASE("worktree entries of others are left alone, stale or not") {
  World world;
  world.init();
  world.write("a.py", "a\n");
  world.commit_all();
  Path other = world.root() / "other";
  world.git({"worktree", "add", "-q", "--detach", other.string()});
  REQUIRE(files::remove_tree(other).ok());
  { world.open(); }
  REQUIRE(files::remove_tree(world.work()).ok());
  world.open();
  CHECK(fs::exists(world.live() / ".git/worktrees/other"));
}

TEST_CASE("where attributes convert, plugins see the bytes of the work tree and commits hold git's") {
  World world;
  world.init();
  world.write(".gitattributes", "*.txt text eol=crlf\n*.id ident\n");
  world.write("a.txt", "one\r\ntwo\r\n");
  world.write("v.id", "$Id$\n");
  world.write("p.py", "x\n");
  auto head = world.commit_all();
  auto tree = world.open();
  CHECK(tree->read("a.txt").value() == "one\r\ntwo\r\n");
  CHECK(token(*tree, "a.txt") == token_of("one\r\ntwo\r\n"));
  CHECK(token(*tree, "v.id") == token_of(tree->read("v.id").value()));
  CHECK(token(*tree, "p.py") == token_of("x\n"));
  REQUIRE(tree->write("a.txt", "one\r\n").ok());
  auto commit = tree->commit_paths({head, "m", {"a.txt"}, 0});
  REQUIRE(commit.ok());
  CHECK(world.git({"cat-file", "blob", *commit + ":a.txt"}) == "one");
}

TEST_CASE("filter programs do not run, and their files are not edited") {
  World world;
  world.init();
  world.write(".gitattributes", "*.bin filter=evil\n*.odd filter=a=b.c\n");
  world.write("a.bin", "pointer\n");
  world.write("a.odd", "pointer\n");
  world.write("a.py", "x\n");
  auto head = world.commit_all();
  Path mark = world.root() / "ran";
  for (const char* driver : {"evil", "a=b.c"}) {
    for (const char* program : {"clean", "smudge", "process"}) {
      world.git({"config", std::string("filter.") + driver + "." + program, "touch " + mark.string() + "; cat"});
    }
    world.git({"config", std::string("filter.") + driver + ".required", "true"});
  }
  auto tree = world.open();
  CHECK(tree->read("a.bin").value() == "pointer\n");
  CHECK(tree->editable("a.py").ok());
  CHECK(tree->editable("a.bin").error().kind() == ErrorKind::kUnsupported);
  CHECK(tree->editable("new.bin").error().kind() == ErrorKind::kUnsupported);
  CHECK(tree->editable("a.odd").error().kind() == ErrorKind::kUnsupported);
  REQUIRE(tree->write("a.py", "y\n").ok());
  REQUIRE(tree->commit_paths({head, "m", {"a.py"}, 0}).ok());
  CHECK_FALSE(fs::exists(mark));
}

TEST_CASE("a commit keeps modes, takes odd names and has the same id each time") {
  World world;
  world.init();
  world.write("run.sh", "#!/bin/sh\n");
  fs::permissions(world.live() / "run.sh", fs::perms(0755));
  world.write("odd \xff\n name", "x");
  auto head = world.commit_all();
  auto tree = world.open();
  auto make = [&] {
    REQUIRE(tree->reset(head).ok());
    REQUIRE(tree->write("run.sh", "#!/bin/sh\ntrue\n").ok());
    REQUIRE(tree->write("odd \xff\n name", "no final newline").ok());
    REQUIRE(tree->write("new", "crlf\r\n").ok());
    auto commit = tree->commit_paths({head, "subject\n", {"run.sh", "odd \xff\n name", "new"}, 1'700'000'001});
    REQUIRE(commit.ok());
    return *commit;
  };
  auto one = make();
  CHECK(make() == one);
  CHECK(world.git({"ls-tree", one, "run.sh"}).substr(0, 6) == "100755");
  CHECK(world.git({"cat-file", "blob", one + ":new"}) == "crlf\r");
  CHECK(world.git({"show", "-s", "--format=%an <%ae> %at %ct", one}) ==
        "Daydream <daydream@localhost> 1700000001 1700000001");
}

TEST_CASE("submodules and symlinks are not listed and survive a commit") {
  World world;
  world.init();
  world.write("a.py", "a\n");
  fs::create_symlink("/etc/passwd", world.live() / "out");
  auto first = world.commit_all();
  world.git({"update-index", "--add", "--cacheinfo", "160000," + first + ",sub"});
  world.git({"commit", "-q", "-m", "submodule"});
  auto tree = world.open();
  CHECK(names(*tree) == std::vector<std::string>{"a.py"});
  REQUIRE(tree->write("a.py", "b\n").ok());
  auto commit = tree->commit_paths({tree->commit(), "m", {"a.py"}, 0});
  REQUIRE(commit.ok());
  CHECK(world.git({"diff", "--name-only", "HEAD", *commit}) == "a.py");
  CHECK_FALSE(tree->write("out/x", "y").ok());
  CHECK_FALSE(tree->write("../x", "y").ok());
}

TEST_CASE("a symlink put in place of a file is replaced, not followed") {
  World world;
  world.init();
  world.write("a.py", "a\n");
  world.write("dir/b.py", "b\n");
  world.commit_all();
  auto tree = world.open();
  Path victim = world.root() / "victim";
  std::ofstream(victim) << "safe";
  fs::remove(tree->path() / "a.py");
  fs::create_symlink(victim, tree->path() / "a.py");
  CHECK(tree->write("a.py", "new\n").ok());
  CHECK(testing::slurp(victim) == "safe");
  fs::remove_all(tree->path() / "dir");
  fs::create_directory(world.root() / "elsewhere");
  fs::create_directory_symlink(world.root() / "elsewhere", tree->path() / "dir");
  CHECK(tree->write("dir/b.py", "new\n").error().kind() == ErrorKind::kConflict);
  CHECK_FALSE(fs::exists(world.root() / "elsewhere/b.py"));
}

TEST_CASE("without git the tree is a copy, without state, work and nested repositories, equal content, equal id") {
  World world;
  world.write("a.py", "a\n");
  world.write(".gitignore", "ignored\n");
  world.write(".gitattributes", "* text eol=crlf\n");
  world.write("ignored", "kept\n");
  world.write("nested/.git/HEAD", "x");
  world.write("nested/n.py", "x");
  fs::create_symlink("a.py", world.live() / "link");
  auto options = SourceTree::Options{world.live(), false, world.live() / "logs/work", world.live() / "logs/daydream"};
  world.write("logs/daydream/daydream.db", "state");
  auto tree = SourceTree::open(options);
  REQUIRE(tree.ok());
  auto base = (*tree)->resolve_base("HEAD");
  REQUIRE(base.ok());
  REQUIRE((*tree)->reset(*base).ok());
  CHECK(names(**tree) == std::vector<std::string>{".gitattributes", ".gitignore", "a.py", "ignored"});
  CHECK((*tree)->read("a.py").value() == "a\n");
  CHECK(fs::is_symlink((*tree)->path() / "link"));
  CHECK((*tree)->resolve_base("HEAD").value() == *base);
  world.write("a.py", "b\n");
  fs::remove(world.live() / "ignored");
  auto next = (*tree)->resolve_base("HEAD");
  REQUIRE(next.ok());
  CHECK(*next != *base);
  REQUIRE((*tree)->reset(*next).ok());
  CHECK((*tree)->read("a.py").value() == "b\n");
  CHECK_FALSE((*tree)->tracked("ignored"));
  world.write("a.py", "a\n");
  world.write("ignored", "kept\n");
  CHECK((*tree)->resolve_base("HEAD").value() == *base);
}

TEST_CASE("without git a torn cache is read anew") {
  World world;
  world.write("a.py", "a\n");
  std::string base;
  { base = world.open(false)->commit(); }
  SECTION("index of the copy") {
    std::ofstream(world.work() / "live.index") << "DIRC torn";
  }
  SECTION("the tree") {
    REQUIRE(files::remove_tree(world.work() / "tree").ok());
  }
  SECTION("half a repository") {
    fs::remove(world.work() / "own.git/daydream-ready");
  }
  auto tree = world.open(false);
  CHECK(tree->commit() == base);
  CHECK(tree->read("a.py").value() == "a\n");
}

TEST_CASE("a repository without commits says so") {
  World world;
  world.init();
  auto tree = SourceTree::open({world.live(), true, world.work(), world.state()});
  REQUIRE(tree.ok());
  auto base = (*tree)->resolve_base("HEAD");
  REQUIRE_FALSE(base.ok());
  CHECK(base.error().kind() == ErrorKind::kNotFound);
}

TEST_CASE("variables of git in the environment lead nowhere else") {
  World world;
  world.init();
  world.write("a.py", "a\n");
  world.commit_all();
  ::setenv("GIT_DIR", "/nonexistent", 1);
  ::setenv("GIT_INDEX_FILE", (world.live() / ".git/index").c_str(), 1);
  ::setenv("GIT_AUTHOR_NAME", "Somebody", 1);
  auto before = world.belongings();
  {
    auto tree = world.open();
    REQUIRE(tree->write("a.py", "b\n").ok());
    REQUIRE(tree->commit_paths({tree->commit(), "m", {"a.py"}, 0}).ok());
  }
  for (const char* name : {"GIT_DIR", "GIT_INDEX_FILE", "GIT_AUTHOR_NAME"}) ::unsetenv(name);
  CHECK(world.belongings() == before);
}

TEST_CASE("5,000 files are listed quickly") {
  World world;
  world.init();
  std::string import = "blob\nmark :1\ndata 1\nx\ncommit refs/heads/main\ncommitter A <a@b> 1 +0000\ndata 1\nm\n";
  for (int i = 0; i < 5000; ++i) {
    import += "M 100644 :1 d" + std::to_string(i % 50) + "/f" + std::to_string(i) + ".py\n";
  }
  world.git({"fast-import", "--quiet"}, import);
  auto tree = world.open();
  auto start = std::chrono::steady_clock::now();
  CHECK(names(*tree).size() == 5000);
  CHECK(names(*world.open()).size() == 5000);  // from the record
  auto took = std::chrono::steady_clock::now() - start;
  CHECK(took < std::chrono::seconds(3));  // 0.1 s on an idle machine
}

}  // namespace daydream::changes
