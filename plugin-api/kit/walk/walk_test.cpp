#include "daydream/kit/walk.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "beneath.hpp"

using namespace daydream;
namespace fs = std::filesystem;

namespace {

using Names = std::vector<std::string>;

// A folder of its own below /tmp, gone afterwards.
class Tree {
 public:
  Tree() {
    char name[] = "/tmp/daydream_walk_XXXXXX";
    root_ = ::mkdtemp(name);
  }
  ~Tree() {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;

  void file(const std::string& path, const std::string& content = "x") const {
    const fs::path full = fs::path(root_) / path;
    fs::create_directories(full.parent_path());
    std::ofstream(full, std::ios::binary) << content;
  }
  void folder(const std::string& path) const { fs::create_directories(fs::path(root_) / path); }
  void link(const std::string& path, const std::string& target) const {
    fs::create_symlink(target, fs::path(root_) / path);
  }
  [[nodiscard]] const std::string& root() const { return root_; }
  [[nodiscard]] std::string at(const std::string& path) const { return root_ + "/" + path; }

  [[nodiscard]] Names names(const walk::Options& options = {}) const {
    auto listing = walk::list(root_, options);
    REQUIRE(listing.ok());
    Names found;
    for (const walk::File& file : listing->files) found.push_back(file.path);
    return found;
  }

 private:
  std::string root_;
};

std::string opened(const Tree& tree, std::string_view path) {
  auto content = walk::read_beneath(tree.root(), path, 1000);
  return content ? *content : content.error().message();
}

}  // namespace

TEST_CASE("regular files are listed in byte order of their path, with what stat says") {
  const Tree tree;
  tree.file("b/z.txt", "12345");
  tree.file("b.txt");
  tree.file("a.txt");
  tree.file("b/\xff.txt");
  ::mkfifo(tree.at("pipe").c_str(), 0600);
  tree.link("link.txt", "a.txt");
  tree.link("loop", ".");
  CHECK(tree.names() == Names{"a.txt", "b.txt", "b/z.txt", "b/\xff.txt"});
  auto listing = walk::list(tree.root());
  REQUIRE(listing.ok());
  struct stat status {};
  REQUIRE(::stat(tree.at("b/z.txt").c_str(), &status) == 0);
  const walk::File& file = listing->files[2];
  CHECK(file.size == 5);
  CHECK(file.inode == status.st_ino);
  CHECK(file.device == status.st_dev);
  CHECK(file.mtime_ns == status.st_mtim.tv_sec * 1'000'000'000LL + status.st_mtim.tv_nsec);
}

TEST_CASE("a root that is not there is an error, an unreadable folder is named") {
  const Tree tree;
  CHECK(walk::list(tree.at("nothing")).error().kind() == ErrorKind::kNotFound);
  tree.file("shut/a");
  tree.file("b");
  ::chmod(tree.at("shut").c_str(), 0);
  auto listing = walk::list(tree.root());
  REQUIRE(listing.ok());
  if (::geteuid() != 0) CHECK(listing->skipped == Names{"shut"});  // root reads everything
  CHECK(listing->files.front().path == "b");
  ::chmod(tree.at("shut").c_str(), 0700);
}

TEST_CASE("folders deeper than the cap are named, not entered") {
  const Tree tree;
  tree.file("a/b/c/deep");
  tree.file("a/near");
  walk::Options options;
  options.max_depth = 2;
  auto listing = walk::list(tree.root(), options);
  REQUIRE(listing.ok());
  CHECK(listing->files.size() == 1);
  CHECK(listing->skipped == Names{"a/b/c"});
}

TEST_CASE("a path longer than one system call may name is walked") {
  const Tree tree;
  int at = ::open(tree.root().c_str(), O_PATH | O_DIRECTORY);
  const std::string part(200, 'd');
  for (int i = 0; i < 25; ++i) {  // 5,000 bytes
    REQUIRE(::mkdirat(at, part.c_str(), 0700) == 0);
    const int next = ::openat(at, part.c_str(), O_PATH | O_DIRECTORY);
    ::close(at);
    at = next;
  }
  ::close(::openat(at, "leaf", O_WRONLY | O_CREAT, 0600));
  ::close(at);
  const Names names = tree.names();
  REQUIRE(names.size() == 1);
  CHECK(names[0].size() == 25 * 201 + 4);
}

TEST_CASE("exclude globs hide files and whole folders") {
  const Tree tree;
  for (const char* path : {"a.py", "a.pyc", "out/x/y.py", "src/out/z.py", "logs/a.log"}) tree.file(path);
  walk::Options options;
  options.exclude = {"*.pyc", "out/", "/logs"};
  CHECK(tree.names(options) == Names{"a.py"});
}

TEST_CASE("the repository's own folder is never listed, nested repositories only when asked") {
  const Tree tree;
  tree.file(".git/config");
  tree.file("a");
  tree.file("vendor/lib/.git/config");
  tree.file("vendor/lib/b");
  tree.file("module/.git", "gitdir: ../.git/modules/module");
  tree.file("module/c");
  CHECK(tree.names() == Names{"a"});
  walk::Options options;
  options.nested_repositories = true;
  CHECK(tree.names(options) == Names{"a", "module/c", "vendor/lib/b"});
}

TEST_CASE("ignore rules do what git does") {
  const Tree tree;
  tree.file(".gitignore", "# comment\n*.o\r\n!keep.o\n/only_root\nbuild/\n\\#odd\ntrail \\ \ndoc/*.txt\n**/cache/**\n");
  tree.file(".git/info/exclude", "private\n*.keep\n");
  tree.file("sub/.gitignore", "!*.o\nlocal\n");
  for (const char* path :
       {"a.o", "keep.o", "only_root", "sub/only_root", "build/x", "sub/build", "#odd", "doc/a.txt", "doc/b/a.txt",
        "cache/x", "x/cache/y", "private", "sub/private", "a.keep", "sub/b.o", "sub/local", "local", "trail  "})
    tree.file(path);
  CHECK(tree.names() == Names{".gitignore", "doc/b/a.txt", "keep.o", "local", "sub/.gitignore", "sub/b.o", "sub/build",
                              "sub/only_root"});
  walk::Options all;
  all.gitignore = false;
  CHECK(tree.names(all).size() == 20);
}

TEST_CASE("what git ignores and what is ignored here are the same files") {
  const Tree tree;
  tree.file(".gitignore", "/*\n!/src/\n!/.gitignore\nsrc/**/*.tmp\n!src/a/keep.tmp\n[Bb]in/\n*.l?g\nfoo/**/bar\n");
  tree.file("src/.gitignore", "!*.log\n/gen\n*.txt\n!a/*.txt\n");
  for (const char* path :
       {"top", "src/x.tmp", "src/a/keep.tmp", "src/a/b/y.tmp", "src/Bin/z", "src/bin", "src/a.log", "src/b.lag",
        "src/gen/x", "src/a/gen/x", "src/a.txt", "src/a/b.txt", "src/a/b/c.txt", "foo/x/bar", "other/y"})
    tree.file(path);
  const std::string git = "cd '" + tree.root() + "' && git init -q . && git ls-files -o --exclude-standard > .git/all";
  REQUIRE(std::system(git.c_str()) == 0);  // NOLINT(concurrency-mt-unsafe): one thread
  Names expected;
  std::ifstream all(tree.at(".git/all"));
  for (std::string line; std::getline(all, line);) expected.push_back(line);
  std::sort(expected.begin(), expected.end());
  CHECK(expected.size() > 4);
  CHECK(tree.names() == expected);
}

TEST_CASE("an ignore file that is a link or a folder has no rules") {
  const Tree tree;
  tree.file("rules", "*\n");
  tree.link(".gitignore", "rules");
  tree.folder("sub/.gitignore");
  tree.file("sub/a");
  CHECK(tree.names() == Names{"rules", "sub/a"});
}

TEST_CASE("only regular files below the root are opened") {
  const Tree tree;
  tree.file("root/a/b.txt", "inside");
  tree.file("secret", "outside");
  tree.link("root/file", "../secret");
  tree.link("root/folder", "..");
  tree.link("root/self", "a");
  tree.link("root/absolute", "/etc");
  ::mkfifo(tree.at("root/pipe").c_str(), 0600);
  const std::string root = tree.at("root");
  CHECK(*walk::read_beneath(root, "a/b.txt", 100) == "inside");
  for (const char* path : {"file", "folder/secret", "self/b.txt", "absolute/passwd", "../secret", "a/../../secret",
                           "/etc/passwd", "a//b.txt", "./a/b.txt", "", "a/", "pipe", "a"}) {
    INFO(path);
    auto file = walk::open_beneath(root, path);
    REQUIRE_FALSE(file.ok());
    CHECK(file.error().kind() == ErrorKind::kPermanent);
  }
  CHECK(walk::open_beneath(root, "missing").error().kind() == ErrorKind::kNotFound);
  CHECK(walk::open_beneath(root, std::string("a\0b", 3)).error().kind() == ErrorKind::kPermanent);
  CHECK(opened(tree, "root/file") == "root/file: a symbolic link, not followed");
}

TEST_CASE("opening part by part refuses the same paths") {
  const Tree tree;
  tree.file("a/b.txt", "inside");
  tree.link("a/link", "b.txt");
  tree.link("folder", "a");
  const walk::Descriptor root(::open(tree.root().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  CHECK(walk::open_below_by_parts(root.get(), "a/b.txt", O_RDONLY).ok());
  for (const char* path : {"a/link", "folder/b.txt", "../x", "a/.."}) {
    INFO(path);
    auto file = walk::open_below_by_parts(root.get(), path, O_RDONLY);
    REQUIRE_FALSE(file.ok());
    CHECK(file.error().kind() == ErrorKind::kPermanent);
  }
  CHECK(walk::open_below_by_parts(root.get(), "a/none", O_RDONLY).error().kind() == ErrorKind::kNotFound);
}

TEST_CASE("a file larger than asked for is refused, also when it lies about its size") {
  const Tree tree;
  tree.file("big", std::string(1001, 'x'));
  tree.file("fits", std::string(1000, 'x'));
  tree.file("empty", "");
  CHECK(walk::read_beneath(tree.root(), "big", 1000).error().kind() == ErrorKind::kUnsupported);
  CHECK(walk::read_beneath(tree.root(), "fits", 1000)->size() == 1000);
  CHECK(walk::read_beneath(tree.root(), "empty", 0)->empty());
  CHECK(walk::read_beneath("/proc/self", "status", 10).error().kind() == ErrorKind::kUnsupported);  // size 0 in stat
  CHECK(walk::read_beneath("/proc/self", "status", 100'000)->find("Name:") == 0);
}

TEST_CASE("clean paths are relative, of plain parts") {
  for (const char* good : {"a", "a/b", ".a", "a..b", "...", "a b", "\xff"}) CHECK(walk::clean_relative(good));
  for (const char* bad : {"", "/", "/a", "a/", "a//b", ".", "..", "a/.", "../a", "a/../b"})
    CHECK_FALSE(walk::clean_relative(bad));
  CHECK_FALSE(walk::clean_relative(std::string_view("a\0b", 3)));
}

TEST_CASE("no descriptor is left open") {
  const Tree tree;
  for (int i = 0; i < 20; ++i) tree.file("d" + std::to_string(i) + "/f");
  const auto open_now = [] { return std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator()); };
  const auto before = open_now();
  CHECK(tree.names().size() == 20);
  (void)opened(tree, "d0/f");
  (void)opened(tree, "d0/../x");
  CHECK(open_now() == before);
}
