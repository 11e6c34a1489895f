#include <catch2/catch.hpp>

#include "checkpoint/anchor.hpp"
#include "checkpoint/checks.hpp"
#include "checkpoint/copy.hpp"
#include "checkpoint/store.hpp"
#include "checkpoint/tables.hpp"
#include "checkpoint/test_support.hpp"

namespace daydream::checkpoint {
namespace {

using test::Folder;

void remember(Store& store, const std::string& value) {
  Transaction transaction;
  transaction.put_memory("p", "k", value);
  REQUIRE(store.commit(std::move(transaction)));
}

std::string words(const std::vector<Diagnosis>& list) {
  std::string all;
  for (const Diagnosis& one : list) all += (one.fatal ? "FATAL " : "") + one.what + " -> " + one.remedy + "\n";
  return all;
}

TEST_CASE("a copy is whole by itself and made only when the store changed") {
  Folder folder;
  Path copy = folder.state() / "daydream.db.bak";
  auto store = folder.open();
  remember(*store, "v");
  REQUIRE(store->keep_copy());
  CHECK(generation_of_copy(copy) == 1);
  CHECK(test::query(copy, "SELECT CAST(value AS TEXT) FROM memory") == "v");
  auto made = std::filesystem::last_write_time(copy);
  REQUIRE(store->keep_copy());
  CHECK(std::filesystem::last_write_time(copy) == made);
  remember(*store, "w");
  REQUIRE(store->keep_copy());
  CHECK(check_copy(copy)->tip.generation == 2);
}

TEST_CASE("doctor finds nothing wrong with a whole store") {
  Folder folder;
  CHECK_THAT(words(diagnose(folder.options())), Catch::Contains("no run has been made yet"));
  auto store = folder.open();
  remember(*store, "v");
  CHECK_THAT(words(diagnose(folder.options())), Catch::Contains("no copy of the store yet"));
  REQUIRE(store->keep_copy());
  CHECK(words(diagnose(folder.options())).empty());
}

TEST_CASE("doctor names damage and copy, and the copy can be restored") {
  Folder folder;
  {
    auto store = folder.open();
    remember(*store, "yesterday");
    REQUIRE(store->keep_copy());
    remember(*store, "today");
    REQUIRE(store->anchor());
  }
  test::query(folder.database(), "UPDATE memory SET value='forged'");
  auto found = words(diagnose(folder.options()));
  CHECK_THAT(found, Catch::StartsWith("FATAL") && Catch::Contains("checksum") && Catch::Contains("doctor --repair") &&
                        Catch::Contains("daydream.db.bak is whole"));
  auto restored = repair_store(folder.options());
  if (!restored) FAIL(restored.error().message());
  CHECK_THAT(*restored, Catch::Contains("1 commits") && Catch::Contains("damaged-1"));
  CHECK(std::filesystem::exists(folder.state() / "damaged-1" / "daydream.db"));
  auto store = folder.open();
  CHECK(*store->memory("p", "k") == "yesterday");
  remember(*store, "tomorrow");
  REQUIRE(store->anchor());
  store.reset();
  CHECK(*folder.open()->memory("p", "k") == "tomorrow");
}

TEST_CASE("a store that is whole but for its anchor is kept, with all its commits") {
  Folder folder;
  {
    auto store = folder.open();
    remember(*store, "yesterday");
    REQUIRE(store->keep_copy());
    remember(*store, "today");
  }
  SECTION("missing") {
    std::filesystem::remove(Anchor::file_in(folder.state()));
  }
  SECTION("neither slot whole") {
    test::write(Anchor::file_in(folder.state()), std::string(8192, 'x'));
  }
  SECTION("names commits that the store has lost") {
    REQUIRE(Anchor::create(folder.state(), {3, Digest{}}));
  }
  CHECK(folder.refusal().kind() == ErrorKind::kDamaged);
  CHECK_THAT(words(diagnose(folder.options())), Catch::Contains("daydream.db is whole and ends with commit 2"));
  auto repaired = repair_store(folder.options());
  if (!repaired) FAIL(repaired.error().message());
  CHECK_THAT(*repaired, Catch::Contains("anchor was written anew"));
  CHECK(*folder.open()->memory("p", "k") == "today");
}

TEST_CASE("a store of a newer program is never replaced by its older copy") {
  Folder folder;
  {
    auto store = folder.open();
    remember(*store, "v");
    REQUIRE(store->keep_copy());
  }
  {
    auto database = Database::open(folder.database(), Database::Access::kWrite);
    REQUIRE(database);
    Content unused = 0;
    REQUIRE(put_row(*database, tables::kMeta, {std::string("schema_version"), std::string("12")}, unused));
  }
  CHECK_THAT(words(diagnose(folder.options())), Catch::Contains("a daydream that knows this schema version"));
  auto refused = repair_store(folder.options());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind() == ErrorKind::kInvalid);
  CHECK(test::query(folder.database(), "SELECT value FROM meta WHERE key='schema_version'") == "12");
}

TEST_CASE("a store of somebody else in the place of ours gives way to the copy of ours") {
  Folder folder;
  Folder other;
  for (const Folder* each : {&folder, &other}) {
    auto store = each->open();
    remember(*store, each == &folder ? "ours" : "theirs");
    REQUIRE(store->keep_copy());
  }
  std::filesystem::copy_file(other.database(), folder.database(), std::filesystem::copy_options::overwrite_existing);
  CHECK(folder.refusal().kind() == ErrorKind::kDamaged);
  REQUIRE(repair_store(folder.options()));
  CHECK(*folder.open()->memory("p", "k") == "ours");
}

TEST_CASE("a copy that is damaged itself is not restored") {
  Folder folder;
  {
    auto store = folder.open();
    remember(*store, "v");
    REQUIRE(store->keep_copy());
  }
  test::query(folder.state() / "daydream.db.bak", "UPDATE memory SET value='forged'");
  std::filesystem::remove(folder.database());
  auto refused = repair_store(folder.options());
  REQUIRE_FALSE(refused);
  CHECK_THAT(refused.error().message(), Catch::Contains("--accept-lost-memory"));
  CHECK_THAT(words(diagnose(folder.options())),
             Catch::Contains("nothing of the store is whole") && Catch::Contains("--accept-lost-memory"));
  CHECK(folder.refusal().kind() == ErrorKind::kDamaged);
}

TEST_CASE("accepting lost memory starts an empty store in which today is done") {
  Folder folder;
  {
    auto store = folder.open();
    remember(*store, "v");
    REQUIRE(store->keep_copy());
  }
  std::filesystem::remove(folder.database());
  auto accepted = accept_lost_memory(folder.options(), "2026-11-22");
  if (!accepted) FAIL(accepted.error().message());
  CHECK_THAT(*accepted, Catch::Contains("2026-11-22 counts as done"));
  auto store = folder.open();
  CHECK_FALSE(*store->memory("p", "k"));
  auto runs = *store->runs();
  REQUIRE(runs.size() == 1);
  CHECK(runs[0].date == "2026-11-22");
  CHECK(runs[0].status == RunStatus::kCompleted);
  CHECK(runs[0].full);
  CHECK(std::filesystem::exists(folder.state() / "damaged-1" / "daydream.db.bak"));
}

TEST_CASE("a repair that was stopped half-way leaves a store that is damaged still, not a new one") {
  Folder folder;
  {
    auto store = folder.open();
    remember(*store, "v");
    REQUIRE(store->keep_copy());
  }
  // As after a stop between moving the old database away and putting the new one in its place.
  std::filesystem::create_directories(folder.state() / "damaged-1");
  std::filesystem::rename(folder.database(), folder.state() / "damaged-1" / "daydream.db");
  CHECK(folder.refusal().kind() == ErrorKind::kDamaged);
  REQUIRE(repair_store(folder.options()));
  CHECK(*folder.open()->memory("p", "k") == "v");
}

}  // namespace
}  // namespace daydream::checkpoint
