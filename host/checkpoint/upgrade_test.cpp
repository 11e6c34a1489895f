#include "checkpoint/upgrade.hpp"

#include <catch2/catch.hpp>

#include "checkpoint/opening.hpp"
#include "checkpoint/tables.hpp"
#include "checkpoint/test_support.hpp"

namespace daydream::checkpoint {
namespace {

using test::Folder;

// A store of an invented version 0, whose findings knew neither "would apply" nor notes, stopped in the
// middle of the run 2026-11-22. The checksums were made by another program, from the words of row.hpp.
constexpr const char* kVersion0 = R"sql(
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL, sum BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE chain(generation INTEGER PRIMARY KEY, digest BLOB NOT NULL, head BLOB NOT NULL,
  next_effect INTEGER NOT NULL, sum BLOB NOT NULL);
CREATE TABLE run(id TEXT NOT NULL UNIQUE, date TEXT NOT NULL, full INTEGER NOT NULL, status INTEGER NOT NULL,
  started INTEGER NOT NULL, finished INTEGER NOT NULL, mode INTEGER NOT NULL, base TEXT NOT NULL,
  facts TEXT NOT NULL, resumed INTEGER NOT NULL, sum BLOB NOT NULL);
CREATE TABLE step(run TEXT NOT NULL, id TEXT NOT NULL, plugin TEXT NOT NULL, number INTEGER NOT NULL,
  config_hash TEXT NOT NULL, status INTEGER NOT NULL, attempts INTEGER NOT NULL, started INTEGER NOT NULL,
  finished INTEGER NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL, result TEXT NOT NULL,
  sum BLOB NOT NULL, UNIQUE(run, id));
CREATE TABLE checkpoint(run TEXT NOT NULL, step TEXT NOT NULL, schema INTEGER NOT NULL, bytes BLOB NOT NULL,
  sum BLOB NOT NULL, UNIQUE(run, step));
CREATE TABLE memory(plugin TEXT NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL, sum BLOB NOT NULL,
  PRIMARY KEY(plugin, key)) WITHOUT ROWID;
CREATE TABLE output(run TEXT NOT NULL, step TEXT NOT NULL, name TEXT NOT NULL, json TEXT NOT NULL,
  sum BLOB NOT NULL, UNIQUE(run, step, name));
CREATE TABLE metric(run TEXT NOT NULL, step TEXT NOT NULL, name TEXT NOT NULL, value REAL NOT NULL,
  sum BLOB NOT NULL, PRIMARY KEY(run, step, name)) WITHOUT ROWID;
CREATE TABLE finding(run TEXT NOT NULL, step TEXT NOT NULL, number INTEGER NOT NULL, id TEXT NOT NULL,
  rule TEXT NOT NULL, severity INTEGER NOT NULL, safety INTEGER NOT NULL, path BLOB NOT NULL,
  line INTEGER NOT NULL, "column" INTEGER NOT NULL, end_line INTEGER NOT NULL, symbol TEXT NOT NULL,
  context TEXT NOT NULL, message TEXT NOT NULL, evidence TEXT NOT NULL, suggestion TEXT NOT NULL,
  "commit" TEXT NOT NULL, since TEXT NOT NULL, action INTEGER NOT NULL, sum BLOB NOT NULL, PRIMARY KEY(run, step, number)) WITHOUT ROWID;
CREATE TABLE effect(sequence INTEGER PRIMARY KEY, run TEXT NOT NULL, step TEXT NOT NULL, kind INTEGER NOT NULL,
  finding INTEGER NOT NULL, root TEXT NOT NULL, path BLOB NOT NULL, token INTEGER NOT NULL, spans BLOB NOT NULL,
  content BLOB NOT NULL, archive_path BLOB NOT NULL, options TEXT NOT NULL, key TEXT NOT NULL,
  request TEXT NOT NULL, sum BLOB NOT NULL);
CREATE INDEX effect_by_step ON effect(run, step);
CREATE TABLE effect_state(sequence INTEGER PRIMARY KEY, state INTEGER NOT NULL, detail TEXT NOT NULL,
  sum BLOB NOT NULL);
CREATE TABLE host(key BLOB PRIMARY KEY, value BLOB NOT NULL, sum BLOB NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES('schema_version','0',x'0b7f7024024418ae');
INSERT INTO meta VALUES('store','00112233445566778899aabbccddeeff',x'a2171ef7b1b1cf1c');
INSERT INTO chain VALUES(0,x'',x'353212aae3bcc1a4153ff457a401803ee496ed83f71a9615a893d75b0604499a',1,x'26ee695c184a3b15');
INSERT INTO run VALUES('2026-11-21','2026-11-21',1,1,1000,2000,2,'abc','{}',0,x'080ed8c4d7667184');
INSERT INTO run VALUES('2026-11-22','2026-11-22',1,3,3000,0,2,'def','{}',1,x'ed54bd1c56008886');
INSERT INTO step VALUES('2026-11-22','legacy_cleanup','legacy_cleanup',1,'c0ffee',1,1,3000,0,'','','',x'9acb679e7d3c5895');
INSERT INTO checkpoint VALUES('2026-11-22','legacy_cleanup',7,x'66696c6520313230206f662034303030',x'985b80fd9b8939cf');
INSERT INTO memory VALUES('legacy_cleanup',x'626c6f622f31',x'636c65616e',x'42fc2c3399e982ed');
INSERT INTO chain VALUES(1,x'af8b04741d3f25d9abf0e2f40c9a61ea2c3992245d0bad0f15ba062c01ceb99c',x'c1dc4ee1b7567819921d951549d92fdfe10118b66f7b389a1bb7d7ad681a2d5b',1,x'996c0bcec122bec7');
INSERT INTO finding VALUES('2026-11-21','legacy_cleanup',1,'','unused-import',1,0,x'6f6c642e7079',3,1,3,'os','import os','os is never used','no use','','','',0,x'65ceb1f4867a1d97');
INSERT INTO finding VALUES('2026-11-22','legacy_cleanup',1,'','unused-import',1,0,x'636166e92e7079',3,1,3,'re','import re','re is never used','no use','','','',0,x'5c147b6f90d4b4a0');
INSERT INTO effect VALUES(1,'2026-11-22','legacy_cleanup',1,1,'repository',x'636166e92e7079',-2,x'00000000000000000a000000000000000000000000000000',x'',x'','','','',x'a577797544fd0cd1');
INSERT INTO effect_state VALUES(1,0,'',x'bdbe1e1de24de474');
INSERT INTO chain VALUES(2,x'6c8940812c4b3d1daf8cfee2fe5283d077dfa71f2e82490daf9fbf571252bd5d',x'0a78b06c779295957597503e084f12a2f370317f6f269e698fe49af748128522',2,x'99db280da25eda9b');
)sql";
constexpr const char* kVersion0Head = "0a78b06c779295957597503e084f12a2f370317f6f269e698fe49af748128522";

Digest head_of_version_0() {
  Digest head{};
  for (std::size_t i = 0; i < head.size(); ++i) {
    head[i] = static_cast<std::uint8_t>(std::stoi(std::string(kVersion0Head + 2 * i, 2), nullptr, 16));
  }
  return head;
}

void make_version_0(const Folder& folder) {
  std::filesystem::create_directories(folder.state());
  test::query(folder.database(), std::string("PRAGMA journal_mode=WAL;") + kVersion0);
  REQUIRE(Anchor::create(folder.state(), {2, head_of_version_0()}));
}

Table finding_of_version_0() {
  Table old = tables::kFinding;
  old.columns.resize(old.columns.size() - 2);
  return old;
}

std::string create_finding() {
  return "CREATE TABLE finding(run TEXT NOT NULL, step TEXT NOT NULL, number INTEGER NOT NULL, id TEXT NOT NULL,"
         "rule TEXT NOT NULL, severity INTEGER NOT NULL, safety INTEGER NOT NULL, path BLOB NOT NULL,"
         "line INTEGER NOT NULL, \"column\" INTEGER NOT NULL, end_line INTEGER NOT NULL, symbol TEXT NOT NULL,"
         "context TEXT NOT NULL, message TEXT NOT NULL, evidence TEXT NOT NULL, suggestion TEXT NOT NULL,"
         "\"commit\" TEXT NOT NULL, since TEXT NOT NULL, action INTEGER NOT NULL, would_apply INTEGER NOT NULL,"
         "note TEXT NOT NULL, sum BLOB NOT NULL, PRIMARY KEY(run, step, number)) WITHOUT ROWID";
}

const std::vector<Migration>& from_version_0() {
  static const std::vector<Migration> list{{0, [](Database& database) {
                                              return rewrite_table(database, finding_of_version_0(), tables::kFinding,
                                                                   create_finding(), [](Row&& row) {
                                                                     row.emplace_back(std::int64_t{0});
                                                                     row.emplace_back(std::string("from version 0"));
                                                                     return std::move(row);
                                                                   });
                                            }}};
  return list;
}

Store::Options upgrading(const Folder& folder) {
  Store::Options options = folder.options();
  options.migrations = &from_version_0();
  return options;
}

TEST_CASE("an older store is upgraded in the middle of an unfinished run, which goes on") {
  Folder folder;
  make_version_0(folder);
  {
    auto store = Store::open(upgrading(folder));
    if (!store) FAIL(store.error().message());
    REQUIRE((*store)->notices().size() == 1);
    CHECK_THAT((*store)->notices()[0], Catch::Contains("upgraded from schema version 0 to 1"));
    CHECK((*store)->generation() == 3);
    CHECK((*(*store)->unfinished_run())->id == "2026-11-22");
    CHECK((*(*store)->checkpoint("2026-11-22", "legacy_cleanup"))->bytes == "file 120 of 4000");
    auto findings = *(*store)->findings("2026-11-22");
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].path == "caf\xe9.py");
    CHECK(findings[0].note == "from version 0");
    CHECK((*store)->effects("2026-11-22")->at(0).token == static_cast<std::uint64_t>(-2));
    Transaction more;
    more.put_finding("2026-11-22", "legacy_cleanup", test::a_finding(2, "unused-import"));
    REQUIRE((*store)->commit(std::move(more)));
    REQUIRE((*store)->anchor());
  }
  auto again = folder.open();
  CHECK(again->notices().empty());
  CHECK(again->findings("2026-11-22")->size() == 2);
  CHECK(again->generation() == 4);
}

TEST_CASE("an upgrade that fails leaves the older store as it was") {
  Folder folder;
  make_version_0(folder);
  std::vector<Migration> failing{{0, [](Database& database) -> Result<void> {
                                    auto done = from_version_0()[0].apply(database);
                                    if (!done) return done;
                                    return Error(ErrorKind::kRetry, "no more");
                                  }}};
  Store::Options options = folder.options();
  options.migrations = &failing;
  auto refused = Store::open(options);
  REQUIRE_FALSE(refused);
  CHECK_THAT(refused.error().message(), Catch::Contains("upgrade") && Catch::Contains("no more"));
  CHECK(Store::open(upgrading(folder)));
}

TEST_CASE("an upgrade does not bless a row that was altered before it") {
  Folder folder;
  make_version_0(folder);
  test::query(folder.database(), "UPDATE finding SET rule='unused-importer' WHERE run='2026-11-22'");
  auto refused = Store::open(upgrading(folder));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind() == ErrorKind::kDamaged);
}

TEST_CASE("an older store is not changed by those who only read it") {
  Folder folder;
  make_version_0(folder);
  Store::Options options = upgrading(folder);
  options.read_only = true;
  auto refused = Store::open(options);
  REQUIRE_FALSE(refused);
  CHECK_THAT(refused.error().message(), Catch::Contains("schema version 0"));
  CHECK(test::query(folder.database(), "SELECT value FROM meta WHERE key='schema_version'") == "0");
}

TEST_CASE("a store from which no way leads here is refused, naming both versions") {
  Folder folder;
  make_version_0(folder);
  auto error = folder.refusal();
  CHECK(error.kind() == ErrorKind::kInvalid);
  CHECK_THAT(error.message(), Catch::Contains("schema version 0") && Catch::Contains("needs 1"));
}

TEST_CASE("a newer store is refused, naming both versions, and not touched") {
  Folder folder;
  { auto store = folder.open(); }
  {
    auto database = Database::open(folder.database(), Database::Access::kWrite);
    REQUIRE(database);
    Content unused = 0;
    REQUIRE(put_row(*database, tables::kMeta, {std::string("schema_version"), std::string("12")}, unused));
  }
  auto error = folder.refusal();
  CHECK(error.kind() == ErrorKind::kInvalid);
  CHECK_THAT(error.message(), Catch::Contains("12") && Catch::Contains("up to 1"));
}

}  // namespace
}  // namespace daydream::checkpoint
