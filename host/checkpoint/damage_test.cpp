// What must never happen to a damaged store: that it is quietly started over, or believed.
#include <catch2/catch.hpp>

#include "checkpoint/anchor.hpp"
#include "checkpoint/store.hpp"
#include "checkpoint/test_support.hpp"

#include <sys/wait.h>

namespace daydream::checkpoint {
namespace {

using test::Folder;

constexpr int kCommits = 10;

// Commits 1 to 10, anchored after `anchored`; the writer dies without closing, so the log stays.
void write_and_die(const Folder& folder, int anchored) {
  pid_t child = ::fork();
  if (child == 0) {
    auto store = Store::open(folder.options());
    if (!store) ::_exit(1);
    for (int i = 1; i <= kCommits; ++i) {
      Transaction transaction;
      transaction.put_run(test::a_run("2026-11-22"));
      transaction.put_checkpoint("2026-11-22", "legacy", 1, std::to_string(i) + std::string(300, 'c'));
      transaction.put_memory("legacy", "key" + std::to_string(i), std::string(200, 'v'));
      if (!(*store)->commit(std::move(transaction))) ::_exit(2);
      if (i == anchored && !(*store)->anchor()) ::_exit(3);
    }
    ::_exit(0);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  REQUIRE(WEXITSTATUS(status) == 0);
}

// How many whole commits the store shows; -1 where it says that it is damaged. Anything else fails.
int commits_seen(const Folder& folder) {
  auto store = Store::open(folder.options());
  if (!store) {
    if (store.error().kind() != ErrorKind::kDamaged) FAIL(store.error().message());
    return -1;
  }
  auto checkpoint = (*store)->checkpoint("2026-11-22", "legacy");
  auto memory = (*store)->scan_memory("legacy", "", "", 100, 1 << 20);
  auto runs = (*store)->runs();
  if (!checkpoint || !memory || !runs) {
    for (auto* result : {checkpoint ? nullptr : &checkpoint.error(), memory ? nullptr : &memory.error(),
                         runs ? nullptr : &runs.error()}) {
      if (result != nullptr && result->kind() != ErrorKind::kDamaged) FAIL(result->message());
    }
    return -1;
  }
  int count = static_cast<int>(memory->size());
  int expected = *checkpoint ? std::stoi((*checkpoint)->bytes) : 0;
  if (count != expected || (*store)->generation() != count) FAIL("a commit was torn");
  return count;
}

struct Image {
  explicit Image(const Folder& folder) : folder_(folder) {
    for (const auto& entry : std::filesystem::directory_iterator(folder.state())) {
      if (entry.path().extension() == ".db-shm") continue;
      files_.emplace_back(entry.path(), test::content_of(entry.path()));
    }
  }
  void restore() const {
    std::filesystem::remove_all(folder_.state());
    std::filesystem::create_directories(folder_.state());
    for (const auto& [path, content] : files_) test::write(path, content);
  }

 private:
  const Folder& folder_;
  std::vector<std::pair<Path, std::string>> files_;
};

// Flips a bit in every `stride`-th byte of one file, one at a time; returns the worst that was seen.
void flip_everywhere(const Folder& folder, const std::string& file, std::size_t stride, int at_least) {
  Image image(folder);
  std::string whole = test::content_of(folder.state() / file);
  REQUIRE_FALSE(whole.empty());
  int damaged = 0;
  for (std::size_t i = 0; i < whole.size(); i += stride) {
    image.restore();
    std::string bad = whole;
    bad[i] = static_cast<char>(bad[i] ^ (1 << (i % 8)));
    test::write(folder.state() / file, bad);
    int seen = commits_seen(folder);
    damaged += seen < 0 ? 1 : 0;
    INFO(file << " byte " << i << ": " << seen);
    REQUIRE((seen == -1 || seen >= at_least));
  }
  CHECK(damaged > 0);
}

TEST_CASE("a flipped bit of the database is damage or without effect, never believed") {
  Folder folder;
  write_and_die(folder, kCommits);
  { auto closed = folder.open(); }  // moves the log into the database
  flip_everywhere(folder, "daydream.db", 199, kCommits);
}

TEST_CASE("a flipped bit of the log behind the anchor is damage, never a shorter history") {
  Folder folder;
  write_and_die(folder, kCommits);
  flip_everywhere(folder, "daydream.db-wal", 401, kCommits);
}

TEST_CASE("a log that is broken after the anchor is an earlier commit, from which the run goes on") {
  Folder folder;
  write_and_die(folder, 4);
  flip_everywhere(folder, "daydream.db-wal", 503, 4);
}

TEST_CASE("a log that was cut is damage before the anchor and an earlier commit after it") {
  Folder folder;
  write_and_die(folder, 4);
  Image image(folder);
  std::string log = test::content_of(folder.state() / "daydream.db-wal");
  int damaged = 0;
  int earlier = 0;
  for (std::size_t size = 0; size < log.size(); size += 2011) {
    image.restore();
    test::write(folder.state() / "daydream.db-wal", log.substr(0, size));
    int seen = commits_seen(folder);
    INFO("cut at " << size << ": " << seen);
    REQUIRE((seen == -1 || seen >= 4));
    damaged += seen < 0 ? 1 : 0;
    earlier += seen >= 4 && seen < kCommits ? 1 : 0;
  }
  CHECK(damaged > 0);
  CHECK(earlier > 0);
}

TEST_CASE("a flipped bit of the anchor is noticed, and the other slot still guards the store") {
  Folder folder;
  write_and_die(folder, 4);
  Image image(folder);
  std::string whole = test::content_of(Anchor::file_in(folder.state()));
  for (std::size_t i : {0U, 9U, 30U, 79U, 4096U, 4105U, 4130U, 4175U}) {
    image.restore();
    std::string bad = whole;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    test::write(Anchor::file_in(folder.state()), bad);
    auto store = folder.open();
    REQUIRE(store->notices().size() == 1);
    CHECK_THAT(store->notices()[0], Catch::Contains("anchor"));
    REQUIRE(store->anchor());
    store.reset();
    CHECK(folder.open()->notices().empty());
  }
  image.restore();
  test::write(Anchor::file_in(folder.state()), std::string(8192, '\0'));
  CHECK(folder.refusal().kind() == ErrorKind::kDamaged);
}

TEST_CASE("a missing or empty database beside its anchor is damage, said with the command that helps") {
  Folder folder;
  write_and_die(folder, 4);
  SECTION("database gone") {
    std::filesystem::remove(folder.database());
  }
  SECTION("database and log gone") {
    std::filesystem::remove(folder.database());
    std::filesystem::remove(folder.state() / "daydream.db-wal");
  }
  SECTION("database and log emptied") {
    test::write(folder.database(), "");
    test::write(folder.state() / "daydream.db-wal", "");
  }
  SECTION("database is something else") {
    std::filesystem::remove(folder.state() / "daydream.db-wal");
    test::write(folder.database(), "SQLite format 2, or so it says");
  }
  SECTION("only a copy is left") {
    REQUIRE(folder.open()->keep_copy());
    for (const char* name : {"daydream.db", "daydream.db-wal", "daydream.anchor"}) {
      std::filesystem::remove(folder.state() / name);
    }
  }
  SECTION("anchor gone") {
    std::filesystem::remove(Anchor::file_in(folder.state()));
  }
  auto error = folder.refusal();
  CHECK(error.kind() == ErrorKind::kDamaged);
  CHECK_THAT(error.message(), Catch::Contains("is damaged") && Catch::Contains("`daydream doctor --repair`") &&
                                  Catch::Contains("Nothing was changed"));
}

TEST_CASE("a header that forbids to write is damage before the first commit finds it") {
  Folder folder;
  const auto remember = [&](const char* value) {
    auto store = folder.open();
    Transaction transaction;
    transaction.put_memory("p", "k", value);
    CHECK(store->commit(std::move(transaction)));
    CHECK(store->keep_copy());
  };
  remember("v");
  std::string bytes = test::content_of(folder.database());
  bytes[18] = '\xfd';
  test::write(folder.database(), bytes);
  SECTION("a run refuses it") {
    CHECK_THAT(folder.refusal().message(),
               Catch::Contains("forbids to write it") && Catch::Contains("doctor --repair"));
  }
  SECTION("the doctor finds it as a run does") {
    const auto found = diagnose(folder.options());
    REQUIRE_FALSE(found.empty());
    CHECK(found[0].fatal);
    CHECK_THAT(found[0].what, Catch::Contains("forbids to write it"));
  }
  REQUIRE(repair_store(folder.options()));
  for (const Diagnosis& left : diagnose(folder.options())) CHECK_FALSE(left.fatal);
  remember("w");
}

TEST_CASE("an older copy put in the place of the store is seen by its anchor") {
  Folder folder;
  auto store = folder.open();
  Transaction first;
  first.put_memory("p", "k", "v");
  REQUIRE(store->commit(std::move(first)));
  REQUIRE(store->keep_copy());
  Transaction second;
  second.put_memory("p", "k", "w");
  REQUIRE(store->commit(std::move(second)));
  REQUIRE(store->anchor());
  store.reset();
  std::filesystem::copy_file(folder.state() / "daydream.db.bak", folder.database(),
                             std::filesystem::copy_options::overwrite_existing);
  auto error = folder.refusal();
  CHECK(error.kind() == ErrorKind::kDamaged);
  CHECK_THAT(error.message(), Catch::Contains("older than its anchor") && Catch::Contains("commit 1 of 2"));
}

TEST_CASE("another store of equal length is not taken for this one") {
  Folder folder;
  Folder other;
  for (const Folder* each : {&folder, &other}) {
    auto store = each->open();
    Transaction transaction;
    transaction.put_memory("p", "k", "v");
    REQUIRE(store->commit(std::move(transaction)));
    REQUIRE(store->anchor());
  }
  std::filesystem::copy_file(other.database(), folder.database(), std::filesystem::copy_options::overwrite_existing);
  CHECK_THAT(folder.refusal().message(), Catch::Contains("another store"));
}

TEST_CASE("rows that are whole each by themselves, but not those of the newest commit, are damage") {
  Folder folder;
  std::string older;
  {
    auto store = folder.open();
    for (int i = 0; i < 3; ++i) {
      Transaction transaction;
      transaction.put_memory("p", "k" + std::to_string(i), "v" + std::to_string(i));
      REQUIRE(store->commit(std::move(transaction)));
      if (i == 1) older = test::query(folder.database(), "SELECT hex(sum) FROM memory WHERE key=x'6b31'");
    }
  }
  SECTION("a row is missing") {
    test::query(folder.database(), "DELETE FROM memory WHERE key=x'6b31'");
  }
  SECTION("a row of an earlier commit has come back") {
    auto store = folder.open();
    Transaction transaction;
    transaction.put_memory("p", "k1", "newer");
    REQUIRE(store->commit(std::move(transaction)));
    store.reset();
    test::query(folder.database(), "UPDATE memory SET value=x'7631', sum=x'" + older + "' WHERE key=x'6b31'");
  }
  auto error = folder.refusal();
  CHECK(error.kind() == ErrorKind::kDamaged);
  CHECK_THAT(error.message(), Catch::Contains("doctor --repair"));
}

TEST_CASE("a row changed behind the store's back is refused when it is read, an unfinished run's at once") {
  Folder folder;
  {
    auto store = folder.open();
    Transaction transaction;
    transaction.put_run(test::a_run("2026-11-22"));
    transaction.put_checkpoint("2026-11-22", "legacy", 1, "seven of nine");
    transaction.put_memory("p", "k", "v");
    REQUIRE(store->commit(std::move(transaction)));
  }
  SECTION("memory") {
    test::query(folder.database(), "UPDATE memory SET value='w'");
    auto store = folder.open();
    auto value = store->memory("p", "k");
    REQUIRE_FALSE(value);
    CHECK(value.error().kind() == ErrorKind::kDamaged);
    CHECK_THAT(value.error().message(), Catch::Contains("\"p/k\" of table memory"));
  }
  SECTION("checkpoint") {
    test::query(folder.database(), "UPDATE checkpoint SET bytes=x'3130'");
    CHECK_THAT(folder.refusal().message(), Catch::Contains("2026-11-22/legacy"));
  }
  SECTION("a commit taken out of the chain") {
    auto store = folder.open();
    for (int i = 0; i < 3; ++i) {
      Transaction transaction;
      transaction.put_memory("p", "k", std::to_string(i));
      REQUIRE(store->commit(std::move(transaction)));
    }
    store.reset();
    test::query(folder.database(), "DELETE FROM chain WHERE generation=2");
    CHECK_THAT(folder.refusal().message(), Catch::Contains("does not follow"));
  }
}

}  // namespace
}  // namespace daydream::checkpoint
