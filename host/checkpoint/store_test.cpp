#include "checkpoint/store.hpp"

#include <catch2/catch.hpp>

#include "checkpoint/test_support.hpp"

namespace daydream::checkpoint {
namespace {

using test::Folder;

TEST_CASE("what was committed is there after reopening") {
  Folder folder;
  {
    auto store = folder.open();
    Transaction transaction;
    transaction.put_run(test::a_run("2026-11-22"));
    transaction.put_step(test::a_step("2026-11-22", "legacy", 1));
    transaction.put_checkpoint("2026-11-22", "legacy", 3, std::string("a\0b", 3));
    transaction.put_memory("legacy", std::string("k\0", 2), "v\xff");
    transaction.put_output("2026-11-22", "legacy", "names", "{}");
    transaction.put_metric("2026-11-22", "legacy", "files", 12.5);
    transaction.put_metric("2026-11-22", "legacy", "zero", -0.0);
    transaction.put_finding("2026-11-22", "legacy", test::a_finding(1, "unused-import"));
    transaction.put_host("identity/x", "1");
    REQUIRE(store->commit(std::move(transaction)));
  }
  auto store = folder.open();
  CHECK(store->notices().empty());
  CHECK(store->generation() == 1);
  auto checkpoint = *store->checkpoint("2026-11-22", "legacy");
  REQUIRE(checkpoint);
  CHECK(checkpoint->schema == 3);
  CHECK(checkpoint->bytes == std::string("a\0b", 3));
  CHECK(*store->memory("legacy", std::string("k\0", 2)) == "v\xff");
  CHECK(*store->output("2026-11-22", "legacy", "names") == "{}");
  CHECK(*store->metrics("2026-11-22", "legacy") ==
        std::vector<std::pair<std::string, double>>{{"files", 12.5}, {"zero", 0.0}});
  auto findings = *store->findings("2026-11-22");
  REQUIRE(findings.size() == 1);
  CHECK(to_json(findings[0]) == to_json(test::a_finding(1, "unused-import")));
  CHECK(*store->host_value("identity/x") == "1");
  CHECK((*store->unfinished_run())->id == "2026-11-22");
  CHECK((*store->steps("2026-11-22"))[0].status == StepStatus::kRunning);
}

TEST_CASE("effects get ascending sequences that are never used twice") {
  Folder folder;
  auto store = folder.open();
  Transaction first;
  first.put_effect("r", "s", test::an_edit("a.py"));
  first.put_effect("r", "s", test::an_edit("b.py"));
  CHECK(*store->commit(std::move(first)) == std::vector<std::int64_t>{1, 2});
  Transaction forget;
  forget.forget_step("r", "s");
  REQUIRE(store->commit(std::move(forget)));
  store.reset();
  store = folder.open();
  Transaction second;
  second.put_effect("r", "s", test::an_edit("c.py"));
  CHECK(*store->commit(std::move(second)) == std::vector<std::int64_t>{3});
  Transaction done;
  done.set_effect(3, EffectState::kApplied, "ok");
  REQUIRE(store->commit(std::move(done)));
  auto effects = *store->effects("r", "s");
  REQUIRE(effects.size() == 1);
  CHECK(effects[0].path == "c.py");
  CHECK(effects[0].state == EffectState::kApplied);
  CHECK(effects[0].token == 0xfedcba9876543210U);
  REQUIRE(effects[0].spans.size() == 2);
  CHECK(effects[0].spans[1].replacement == std::string("x\0y", 3));
}

TEST_CASE("a step that is forgotten keeps its memory and the state files it wrote") {
  Folder folder;
  auto store = folder.open();
  Transaction all;
  all.put_checkpoint("r", "s", 1, "c");
  all.put_checkpoint("r", "other", 1, "c");
  all.put_finding("r", "s", test::a_finding(1, "unused-import"));
  all.put_metric("r", "s", "m", 1);
  all.put_output("r", "s", "o", "1");
  all.put_memory("p", "k", "v");
  Effect report = test::an_edit("report.md");
  report.kind = EffectKind::kStateFile;
  all.put_effect("r", "s", report);
  all.put_effect("r", "s", report);
  all.put_effect("r", "s", test::an_edit("a.py"));
  all.put_effect("r", "other", test::an_edit("b.py"));
  all.set_effect(1, EffectState::kApplied, "");
  REQUIRE(store->commit(std::move(all)));
  Transaction forget;
  forget.forget_step("r", "s");
  REQUIRE(store->commit(std::move(forget)));
  CHECK_FALSE(*store->checkpoint("r", "s"));
  CHECK(*store->checkpoint("r", "other"));
  CHECK(store->findings("r")->empty());
  CHECK(store->metrics("r", "s")->empty());
  CHECK_FALSE(*store->output("r", "s", "o"));
  CHECK(*store->memory("p", "k") == "v");
  auto effects = *store->effects("r");
  REQUIRE(effects.size() == 2);
  CHECK(effects[0].sequence == 1);
  CHECK(effects[1].path == "b.py");
}

TEST_CASE("a scan of memory stays within its prefix, goes on behind a key and keeps its limits") {
  Folder folder;
  auto store = folder.open();
  Transaction fill;
  for (const char* key : {"a/1", "b/1", "b/2", "b/3", "b\xff", "c"}) fill.put_memory("p", key, "0123456789");
  fill.put_memory("q", "b/0", "another plugin's");
  REQUIRE(store->commit(std::move(fill)));
  auto keys = [&](const char* prefix, const char* after, int most, std::size_t bytes) {
    std::string joined;
    auto entries = store->scan_memory("p", prefix, after, most, bytes);
    for (const auto& [key, value] : *entries) joined += key + " ";
    return joined;
  };
  CHECK(keys("b/", "", 10, 1000) == "b/1 b/2 b/3 ");
  CHECK(keys("b/", "b/1", 10, 1000) == "b/2 b/3 ");
  CHECK(keys("b/", "b/1", 1, 1000) == "b/2 ");
  CHECK(keys("b/", "a", 10, 15) == "b/1 b/2 ");
  CHECK(keys("b/", "z", 10, 1000).empty());
  CHECK(keys("", "", 10, 1000) == "a/1 b/1 b/2 b/3 b\xff c ");
}

TEST_CASE("findings of a whole run come in the order of its steps") {
  Folder folder;
  auto store = folder.open();
  Transaction fill;
  fill.put_step(test::a_step("r", "zebra", 1));
  fill.put_step(test::a_step("r", "ape", 2));
  fill.put_finding("r", "ape", test::a_finding(1, "x"));
  fill.put_finding("r", "zebra", test::a_finding(2, "y"));
  fill.put_finding("r", "zebra", test::a_finding(1, "z"));
  REQUIRE(store->commit(std::move(fill)));
  std::string order;
  auto findings = store->findings("r");
  for (const Finding& finding : *findings) order += finding.rule;
  CHECK(order == "zyx");
}

TEST_CASE("of two writers the second is refused, and nothing of its commit is kept") {
  Folder folder;
  auto first = folder.open();
  auto second = folder.open();
  Transaction a;
  a.put_memory("p", "k", "first");
  REQUIRE(first->commit(std::move(a)));
  Transaction b;
  b.put_memory("p", "k", "second");
  b.put_memory("p", "more", "second");
  auto refused = second->commit(std::move(b));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind() == ErrorKind::kConflict);
  CHECK_THAT(refused.error().message(), Catch::Contains("another process has written"));
  CHECK(*first->memory("p", "k") == "first");
  CHECK_FALSE(*first->memory("p", "more"));
  Transaction again;
  again.put_memory("p", "k", "again");
  CHECK_FALSE(second->commit(std::move(again)));
}

TEST_CASE("an effect that does not exist cannot be marked, and the store refuses further use") {
  Folder folder;
  auto store = folder.open();
  Transaction wrong;
  wrong.put_memory("p", "k", "half");
  wrong.set_effect(99, EffectState::kApplied, "");
  REQUIRE_FALSE(store->commit(std::move(wrong)));
  CHECK_FALSE(*store->memory("p", "k"));
  Transaction later;
  later.put_memory("p", "k", "v");
  CHECK_FALSE(store->commit(std::move(later)));
  CHECK_FALSE(store->anchor());
}

TEST_CASE("reading while a run writes sees whole commits and changes nothing") {
  Folder folder;
  auto writer = folder.open();
  Transaction first;
  first.put_run(test::a_run("r"));
  REQUIRE(writer->commit(std::move(first)));
  REQUIRE(writer->anchor());
  auto reader = folder.open_read_only();
  Transaction second;
  second.put_memory("p", "k", "v");
  REQUIRE(writer->commit(std::move(second)));
  REQUIRE(writer->anchor());
  CHECK_FALSE(*reader->memory("p", "k"));
  CHECK(reader->runs()->size() == 1);
  CHECK(*folder.open_read_only()->memory("p", "k") == "v");
}

TEST_CASE("there is nothing to read before the first run, and looking makes nothing") {
  Folder folder;
  Store::Options options = folder.options();
  options.read_only = true;
  auto opened = Store::open(options);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().kind() == ErrorKind::kNotFound);
  CHECK_FALSE(std::filesystem::exists(folder.state()));
}

TEST_CASE("the state directory hides itself from git") {
  Folder folder;
  auto store = folder.open();
  CHECK(test::content_of(folder.state() / ".gitignore") == "*\n");
}

TEST_CASE("a state directory that vanished is said, and the store begins anew") {
  Folder folder;
  {
    auto store = folder.open();
    Transaction transaction;
    transaction.put_memory("p", "k", "v");
    REQUIRE(store->commit(std::move(transaction)));
  }
  std::filesystem::remove_all(folder.state());
  auto store = folder.open();
  REQUIRE(store->notices().size() == 1);
  CHECK_THAT(store->notices()[0], Catch::Contains("vanished"));
  CHECK_FALSE(*store->memory("p", "k"));
  store.reset();
  CHECK(folder.open()->notices().empty());
}

TEST_CASE("a lazy commit is seen at once and part of what the next anchor promises") {
  Folder folder;
  {
    auto store = folder.open();
    Transaction lazy;
    lazy.put_memory("p", "k", "v");
    REQUIRE(store->commit_lazily(std::move(lazy)));
    CHECK(*store->memory("p", "k") == "v");
    CHECK(store->generation() == 1);
    REQUIRE(store->anchor());
    CHECK(store->generation() == 2);
  }
  CHECK(*folder.open()->memory("p", "k") == "v");
}

TEST_CASE("old links of the chain are dropped behind the anchor, and the store opens as before") {
  Folder folder;
  auto store = folder.open();
  const auto some = [&](int count) {
    for (int i = 0; i < count; ++i) {
      Transaction transaction;
      transaction.put_memory("p", "k", std::to_string(i));
      REQUIRE(store->commit_lazily(std::move(transaction)));
    }
  };
  some(1100);
  REQUIRE(store->anchor());
  some(2);
  store.reset();
  CHECK(test::query(folder.database(), "SELECT count(*) FROM chain") == "3");
  store = folder.open();
  CHECK(store->generation() == 1103);
  CHECK(*store->memory("p", "k") == "1");
}

}  // namespace
}  // namespace daydream::checkpoint
