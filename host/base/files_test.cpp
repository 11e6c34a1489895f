#include "base/files.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <fstream>

using namespace daydream;
namespace fs = std::filesystem;

namespace {

struct Folder {
  Path path;
  Folder() {
    std::string name = "/tmp/daydream_files_XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> result;
    for (const auto& entry : fs::directory_iterator(path)) result.push_back(entry.path().filename());
    std::sort(result.begin(), result.end());
    return result;
  }
};

unsigned mode_of(const Path& path) {
  struct stat about {};
  REQUIRE(::stat(path.c_str(), &about) == 0);
  return about.st_mode & 07777U;
}

}  // namespace

TEST_CASE("a file is replaced as a whole, with nothing left beside it") {
  Folder folder;
  const auto durability = GENERATE(files::Durability::kNone, files::Durability::kSynced);
  const Path file = folder.path / "state.json";
  REQUIRE(files::write_replace(file, "one", durability));
  REQUIRE(files::write_replace(file, std::string("t\0wo", 4), durability));
  CHECK(*files::read(file) == std::string("t\0wo", 4));
  CHECK(folder.names() == std::vector<std::string>{"state.json"});
}

TEST_CASE("a new file has the mode of the umask, a replaced one keeps its own, or gets what is asked") {
  Folder folder;
  const mode_t before = ::umask(027);
  REQUIRE(files::write_replace(folder.path / "new", "", files::Durability::kNone));
  ::umask(before);
  CHECK(mode_of(folder.path / "new") == 0640);
  fs::permissions(folder.path / "new", fs::perms(0751));
  REQUIRE(files::write_replace(folder.path / "new", "x", files::Durability::kNone));
  CHECK(mode_of(folder.path / "new") == 0751);
  REQUIRE(files::write_replace(folder.path / "new", "x", files::Durability::kNone, 0600));
  CHECK(mode_of(folder.path / "new") == 0600);
}

TEST_CASE("a symlink is replaced, never written through") {
  Folder folder;
  std::ofstream(folder.path / "target") << "kept";
  fs::create_symlink("target", folder.path / "link");
  REQUIRE(files::write_replace(folder.path / "link", "new", files::Durability::kNone));
  CHECK(*files::read(folder.path / "target") == "kept");
  CHECK(fs::is_regular_file(fs::symlink_status(folder.path / "link")));
}

TEST_CASE("a write that fails leaves the old file and no other") {
  Folder folder;
  const Path file = folder.path / "file";
  REQUIRE(files::write_replace(file, "old", files::Durability::kNone));
  // A disk that is full at 64 KiB, for a child of ours.
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{65'536, 65'536};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const auto done = files::write_replace(file, std::string(200'000, 'x'), files::Durability::kSynced);
    ::_exit(!done && done.error().message().find("cannot write") != std::string::npos ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(*files::read(file) == "old");
  CHECK(folder.names() == std::vector<std::string>{"file"});

  // A folder in the place of the file cannot be replaced.
  fs::create_directory(folder.path / "folder");
  CHECK_FALSE(files::write_replace(folder.path / "folder", "x", files::Durability::kNone));
  CHECK(folder.names() == std::vector<std::string>{"file", "folder"});
  CHECK(files::write_replace(folder.path / "absent" / "file", "x", files::Durability::kNone).error().kind() ==
        ErrorKind::kNotFound);
}

TEST_CASE("a name of the greatest length can be replaced") {
  Folder folder;
  const Path file = folder.path / std::string(255, 'n');
  REQUIRE(files::write_replace(file, "x", files::Durability::kNone));
  CHECK(*files::read(file) == "x");
}

TEST_CASE("a sync that fails is an error of this start, and never tried again in it") {
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  const auto synced = files::sync_file(ends[1], "pipe");  // EINVAL
  REQUIRE_FALSE(synced);
  CHECK(synced.error().kind() == ErrorKind::kRetry);
  CHECK_THAT(synced.error().message(), Catch::Contains("cannot sync pipe"));
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_CASE("reading says what is wrong with the file") {
  Folder folder;
  CHECK(files::read(folder.path / "absent").error().kind() == ErrorKind::kNotFound);
  CHECK(files::read(folder.path).error().kind() == ErrorKind::kInvalid);
  std::ofstream(folder.path / "ten") << "0123456789";
  CHECK(*files::read(folder.path / "ten", 10) == "0123456789");
  CHECK(files::read(folder.path / "ten", 9).error().kind() == ErrorKind::kUnsupported);
  CHECK(files::read("/dev/zero", 100'000).error().kind() == ErrorKind::kUnsupported);
  CHECK_THAT(*files::read("/proc/self/status"), Catch::Contains("VmRSS"));  // its size is said to be 0
  REQUIRE(::mkfifo((folder.path / "fifo").c_str(), 0600) == 0);
  CHECK(*files::read(folder.path / "fifo") == "");  // does not wait for a writer
}

TEST_CASE("folders are made with those above them, and again without harm") {
  Folder folder;
  REQUIRE(files::make_directories(folder.path / "a" / "b" / "c"));
  REQUIRE(files::make_directories(folder.path / "a" / "b" / "c"));
  CHECK(fs::is_directory(folder.path / "a/b/c"));
  std::ofstream(folder.path / "file") << "";
  CHECK_FALSE(files::make_directories(folder.path / "file"));
  CHECK_FALSE(files::make_directories(folder.path / "file" / "below"));
  fs::create_directory_symlink("a", folder.path / "link");
  CHECK(files::make_directories(folder.path / "link" / "d"));
}

TEST_CASE("a tree is removed without following a symlink out of it") {
  Folder folder;
  fs::create_directories(folder.path / "kept");
  std::ofstream(folder.path / "kept" / "file") << "x";
  fs::create_directories(folder.path / "tree/deep/deeper");
  std::ofstream(folder.path / "tree/deep/file") << "x";
  fs::create_directory_symlink(folder.path / "kept", folder.path / "tree/deep/out");
  REQUIRE(files::remove_tree(folder.path / "tree"));
  CHECK(folder.names() == std::vector<std::string>{"kept"});
  CHECK(fs::exists(folder.path / "kept" / "file"));
  fs::create_directory_symlink("kept", folder.path / "link");
  REQUIRE(files::remove_tree(folder.path / "link"));
  CHECK(fs::exists(folder.path / "kept" / "file"));
  REQUIRE(files::remove_tree(folder.path / "absent"));
  REQUIRE(files::remove_tree(folder.path / "kept/file/below"));
  REQUIRE(files::remove_tree(folder.path / "kept/file"));
}

TEST_CASE("a tree deeper than a path can name is removed") {
  Folder folder;
  const Path here = fs::current_path();
  fs::create_directory(folder.path / "deep");
  fs::current_path(folder.path / "deep");
  for (int i = 0; i < 450; ++i) {
    REQUIRE(::mkdir("a_rather_long_name", 0777) == 0);
    REQUIRE(::chdir("a_rather_long_name") == 0);
  }
  fs::current_path(here);
  REQUIRE(files::remove_tree(folder.path / "deep"));
  CHECK(folder.names().empty());
}

TEST_CASE("a tree that its owner may not change or read is removed all the same") {
  Folder folder;
  const Path tree = folder.path / "tree";
  fs::create_directories(tree / "locked" / "closed");
  std::ofstream(tree / "locked" / "closed" / "file") << "x";
  std::ofstream(tree / "locked" / "file") << "x";
  REQUIRE(::chmod((tree / "locked" / "closed").c_str(), 0) == 0);
  REQUIRE(::chmod((tree / "locked").c_str(), 0555) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    if (::geteuid() == 0) {  // root may do everything: be somebody else
      for (const Path& path : {folder.path, tree, tree / "locked", tree / "locked" / "closed"}) {
        if (::chown(path.c_str(), 65534, 65534) != 0) ::_exit(2);
      }
      if (::setgid(65534) != 0 || ::setuid(65534) != 0) ::_exit(3);
    }
    ::_exit(files::remove_tree(tree) ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(folder.names().empty());
}

TEST_CASE("a file is removed, and that it was gone is no error") {
  Folder folder;
  std::ofstream(folder.path / "file") << "x";
  REQUIRE(files::remove_file(folder.path / "file"));
  REQUIRE(files::remove_file(folder.path / "file"));
  CHECK_FALSE(files::remove_file(folder.path));
  CHECK_FALSE(files::exists(folder.path / "file"));
  fs::create_symlink("nowhere", folder.path / "dangling");
  CHECK(files::exists(folder.path / "dangling"));
}

TEST_CASE("a descriptor has one owner") {
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  {
    files::Descriptor first(ends[0]);
    files::Descriptor second(std::move(first));
    CHECK(second.get() == ends[0]);
    second = files::Descriptor(ends[1]);
    CHECK(::fcntl(ends[0], F_GETFD) == -1);
  }
  CHECK(::fcntl(ends[1], F_GETFD) == -1);
}
