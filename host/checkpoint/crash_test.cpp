// Real processes, really killed; real disks, really full.
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>

#include "checkpoint/copy.hpp"
#include "checkpoint/lock.hpp"
#include "checkpoint/store.hpp"
#include "checkpoint/test_support.hpp"

namespace daydream::checkpoint {
namespace {

using test::Folder;

// Commits for ever; tells each commit that returned as one int on `out`.
[[noreturn]] void commit_for_ever(const Folder& folder, int out) {
  auto store = Store::open(folder.options());
  if (!store) ::_exit(1);
  auto start = static_cast<int>((*store)->generation());
  for (int i = start + 1;; ++i) {
    std::string number = std::to_string(i);
    Transaction transaction;
    transaction.put_run(test::a_run("2026-11-22"));
    transaction.put_checkpoint("2026-11-22", "legacy", 1,
                               number + std::string(static_cast<std::size_t>(i * 97 % 9000), '.'));
    transaction.put_memory("legacy", "last", number);
    transaction.put_effect("2026-11-22", "legacy", test::an_edit(number));
    if (!(*store)->commit(std::move(transaction))) ::_exit(2);
    if (i % 3 == 0 && !(*store)->anchor()) ::_exit(3);
    if (i % 2 == 0 && !(*store)->keep_copy()) ::_exit(4);
    if (::write(out, &i, sizeof i) != sizeof i) ::_exit(5);
  }
}

// Lets a child commit until it has told `after` commits, kills it; the last commit it told.
int kill_after(const Folder& folder, int after) {
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  pid_t child = ::fork();
  if (child == 0) commit_for_ever(folder, ends[1]);
  ::close(ends[1]);
  int last = 0;
  for (int i = 0; i < after; ++i) {
    int told = 0;
    if (::read(ends[0], &told, sizeof told) != sizeof told) break;
    last = told;
  }
  ::kill(child, SIGKILL);
  int told = 0;
  while (::read(ends[0], &told, sizeof told) == sizeof told) last = told;
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  REQUIRE(WIFSIGNALED(status));
  return last;
}

TEST_CASE("a writer killed in the middle of its commits loses none that returned, and halves none") {
  Folder folder;
  for (int round = 0; round < 25; ++round) {
    int told = kill_after(folder, 1 + round % 5);
    auto store = folder.open();
    auto seen = static_cast<int>(store->generation());
    INFO("round " << round << ": told " << told << ", seen " << seen);
    REQUIRE(seen >= told);
    REQUIRE(seen <= told + 1);
    REQUIRE(**store->memory("legacy", "last") == std::to_string(seen));
    REQUIRE(std::stoi((*store->checkpoint("2026-11-22", "legacy"))->bytes) == seen);
    auto effects = *store->effects("2026-11-22");
    REQUIRE(static_cast<int>(effects.size()) == seen);
    REQUIRE(effects.back().path == std::to_string(seen));
    if (seen > 40) {  // several were begun: not all of them can have been killed in the making
      auto copy = check_copy(folder.state() / "daydream.db.bak");
      if (!copy) FAIL(copy.error().message());
    }
  }
}

TEST_CASE("a store killed while it is made is made by the next") {
  for (int round = 0; round < 20; ++round) {
    Folder folder;
    pid_t child = ::fork();
    if (child == 0) {
      (void)Store::open(folder.options());
      ::_exit(0);
    }
    ::usleep(static_cast<useconds_t>(round * 150));  // where it is hit does not matter, all must hold
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    auto store = folder.open();
    Transaction transaction;
    transaction.put_memory("p", "k", "v");
    REQUIRE(store->commit(std::move(transaction)));
  }
}

// Runs `body` in a child that has no rights beyond those of nobody; its exit status.
template <class Body>
int as_nobody(Body body) {
  pid_t child = ::fork();
  if (child == 0) {
    if (::getuid() == 0 && (::setgroups(0, nullptr) != 0 || ::setgid(65534) != 0 || ::setuid(65534) != 0)) ::_exit(99);
    ::_exit(body());
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 100;
}

TEST_CASE("a state directory that may not be written is refused for a run and can be read") {
  Folder folder;
  {
    auto store = folder.open();
    Transaction transaction;
    transaction.put_memory("p", "k", "v");
    REQUIRE(store->commit(std::move(transaction)));
  }
  ::chmod(folder.root().c_str(), 0755);
  ::chmod(folder.state().c_str(), 0555);
  ::chmod(folder.database().c_str(), 0444);
  CHECK(as_nobody([&] {
          auto refused = Store::open(folder.options());
          if (refused) return 1;
          return refused.error().kind() == ErrorKind::kPermanent ? 0 : 2;
        }) == 0);
  CHECK(as_nobody([&] {
          Store::Options reading = folder.options();
          reading.read_only = true;
          auto store = Store::open(reading);
          if (!store) return 1;
          auto value = (*store)->memory("p", "k");
          return value && *value == "v" ? 0 : 2;
        }) == 0);
  ::chmod(folder.state().c_str(), 0755);
}

TEST_CASE("a full disk is said, keeps what was committed, and the next start goes on") {
  Folder folder;
  Path disk = folder.root() / "disk";
  std::filesystem::create_directories(disk);
  if (::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=1m") != 0) {
    WARN("skipped: a small disk can only be mounted as root");
    return;
  }
  Store::Options options;
  options.state_directory = disk / "state";
  int committed = 0;
  {
    auto store = Store::open(options);
    REQUIRE(store);
    Result<std::vector<std::int64_t>> done = std::vector<std::int64_t>{};
    while (done && committed < 1000) {
      Transaction transaction;
      transaction.put_memory("p", std::to_string(committed), std::string(20'000, 'x'));
      done = (*store)->commit(std::move(transaction));
      committed += done ? 1 : 0;
    }
    REQUIRE_FALSE(done);
    CHECK(done.error().kind() == ErrorKind::kRetry);
    CHECK_THAT(done.error().message(), Catch::Contains("disk full"));
    Transaction more;
    more.put_memory("p", "more", "x");
    CHECK_FALSE((*store)->commit(std::move(more)));
  }
  CHECK(committed > 5);
  REQUIRE(::mount("tmpfs", disk.c_str(), "tmpfs", MS_REMOUNT, "size=4m") == 0);
  {
    auto store = Store::open(options);
    if (!store) FAIL(store.error().message());
    CHECK((*store)->generation() == committed);
    CHECK(static_cast<int>((*store)->scan_memory("p", "", "", 2000, 1 << 30)->size()) == committed);
    Transaction more;
    more.put_memory("p", "more", "x");
    CHECK((*store)->commit(std::move(more)));
  }
  REQUIRE(::umount(disk.c_str()) == 0);
}

TEST_CASE("the lock of a run is refused to others with its holder's name, and free once the holder is dead") {
  Folder folder;
  int ready[2];
  REQUIRE(::pipe2(ready, O_CLOEXEC) == 0);
  CHECK_FALSE(lock_holder(folder.state()));
  pid_t child = ::fork();
  if (child == 0) {
    auto lock = RunLock::take(folder.state(), folder.work(), Instant{1'795'401'000'000});
    char told = lock ? 'y' : 'n';
    if (::write(ready[1], &told, 1) != 1) ::_exit(1);
    while (true) ::pause();
  }
  char told = 0;
  REQUIRE(::read(ready[0], &told, 1) == 1);
  REQUIRE(told == 'y');
  auto refused = RunLock::take(folder.state(), folder.root() / "other work", Instant{});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind() == ErrorKind::kRetry);
  CHECK_THAT(refused.error().message(),
             Catch::Contains("pid " + std::to_string(child)) && Catch::Contains("since 2026-"));
  auto same_work = RunLock::take(folder.root() / "other state", folder.work(), Instant{});
  REQUIRE_FALSE(same_work);
  CHECK_THAT(same_work.error().message(), Catch::Contains("pid " + std::to_string(child)));
  auto holder = lock_holder(folder.state());
  REQUIRE(holder);
  CHECK(holder->pid == child);
  CHECK_FALSE(holder->host.empty());
  CHECK_THAT(holder->command, Catch::Contains("test_checkpoint"));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  CHECK_FALSE(lock_holder(folder.state()));
  CHECK(RunLock::take(folder.state(), folder.work(), Instant{}));
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_CASE("a program started by the holder does not keep the lock") {
  Folder folder;
  int hold[2];
  REQUIRE(::pipe2(hold, 0) == 0);
  pid_t child = 0;
  {
    auto lock = RunLock::take(folder.state(), folder.work(), Instant{});
    REQUIRE(lock);
    child = ::fork();
    if (child == 0) {
      ::dup2(hold[0], 0);
      ::execlp("cat", "cat", static_cast<char*>(nullptr));
      ::_exit(127);
    }
    // Until the child has become another program its copy of the descriptor counts: wait for that.
    Path name = "/proc/" + std::to_string(child) + "/comm";
    while (test::content_of(name) != "cat\n") ::sched_yield();
  }
  CHECK(RunLock::take(folder.state(), folder.work(), Instant{}));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(hold[0]);
  ::close(hold[1]);
}

}  // namespace
}  // namespace daydream::checkpoint
