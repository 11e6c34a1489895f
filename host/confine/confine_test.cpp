// Each case runs in a process of its own: what it gives up it never gets back.
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <functional>

#include "base/files.hpp"
#include "confine/landlock.hpp"
#include "confine/seccomp.hpp"

using namespace daydream;

namespace {

int code_of(const std::function<int()>& body) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    ::_exit(body());
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// 0: it can be opened; else errno.
int opened(const Path& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
  if (descriptor >= 0) ::close(descriptor);
  return descriptor >= 0 ? 0 : errno;
}

bool has_landlock() {
  return code_of([] { return confine::restrict_files({}, "a test").empty() ? 0 : 1; }) == 0;
}

}  // namespace

TEST_CASE("who may read one folder reads nothing beside it and writes nothing at all") {
  if (!has_landlock()) {
    WARN("skipped: this kernel's Landlock is not whole");
    return;
  }
  std::string name = "/tmp/daydream_confine_XXXXXX";
  REQUIRE(::mkdtemp(name.data()) != nullptr);
  const Path folder = name, mine = folder / "mine", other = folder / "other";
  for (const Path& each : {mine, other}) REQUIRE(files::make_directories(each).ok());
  for (const Path& each : {mine / "a", other / "a"})
    REQUIRE(files::write_replace(each, "text", files::Durability::kNone).ok());
  const auto confined = [&](const std::function<int()>& body) {
    return code_of([&] {
      confine::restrict_files({.readable = {mine.string(), "/not/there"}, .writable = {}}, "a test");
      return body();
    });
  };
  CHECK(confined([&] { return opened(mine / "a", O_RDONLY); }) == 0);
  CHECK(confined([&] { return opened(other / "a", O_RDONLY); }) == EACCES);
  CHECK(confined([&] { return opened(mine / "a", O_WRONLY); }) == EACCES);
  CHECK(confined([&] { return opened(mine / "b", O_WRONLY | O_CREAT); }) == EACCES);
  CHECK(confined([&] { return ::unlink((mine / "a").c_str()) == 0 ? 0 : errno; }) == EACCES);
  CHECK(files::remove_tree(folder).ok());
}

TEST_CASE("the broker's calls: sockets, but no program, no file cut short, no word to the host but over its socket") {
  const auto confined = [](const std::function<int()>& body) {
    return code_of([&] {
      const auto missing =
          confine::restrict_calls({.network = true, .programs = false, .resize = false, .host = ::getppid()});
      return missing.empty() ? body() : 200;
    });
  };
  CHECK(confined([] { return ::socket(AF_INET, SOCK_STREAM, 0) >= 0 ? 0 : errno; }) == 0);
  CHECK(confined([] {
          ::execl("/bin/true", "true", nullptr);
          return errno;
        }) == EPERM);
  CHECK(confined([] { return ::truncate("/dev/null", 0) == 0 ? 0 : errno; }) == EPERM);
  CHECK(confined([] { return ::kill(::getppid(), 0) == 0 ? 0 : errno; }) == EPERM);
}

TEST_CASE("a step's calls: programs, but no sockets") {
  const auto confined = [](const std::function<int()>& body) {
    return code_of([&] {
      confine::restrict_calls({.network = false, .programs = true, .resize = false, .host = ::getppid()});
      return body();
    });
  };
  CHECK(confined([] { return ::socket(AF_INET, SOCK_STREAM, 0) >= 0 ? 0 : errno; }) == EPERM);
  CHECK(confined([] {
          ::execl("/bin/true", "true", nullptr);
          return errno;
        }) == 0);
}
