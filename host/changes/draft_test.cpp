#include "changes/draft.hpp"

#include <catch2/catch.hpp>

#include "changes/world_for_tests.hpp"

namespace daydream::changes {

using testing::create;
using testing::edit;
using testing::removal;
using testing::replace;
using testing::World;
namespace fs = std::filesystem;

namespace {

const std::string kText = "one\ntwo\nthree\nfour\nfive\n";

struct Fixture {
  Fixture() {
    world.init();
    world.write("a.py", kText);
    world.write("b.py", "b\n");
    world.commit_all();
    tree = world.open();
    draft = std::make_unique<Draft>(*tree);
  }
  void add(const Effect& effect) const {
    auto added = draft->add(effect);
    INFO((added.ok() ? "" : added.error().message()));
    REQUIRE(added.ok());
  }
  [[nodiscard]] ErrorKind refusal(const Effect& effect) const {
    auto added = draft->add(effect);
    REQUIRE_FALSE(added.ok());
    return added.error().kind();
  }
  [[nodiscard]] std::string content(const std::string& path, const std::set<FindingNumber>& findings) const {
    auto contents = draft->contents(findings);
    REQUIRE(contents.ok());
    return contents->at(path).value_or("(absent)");
  }
  [[nodiscard]] std::vector<std::set<FindingNumber>> groups() const {
    std::vector<std::set<FindingNumber>> result;
    for (const auto& change : draft->changes()) result.push_back(change.findings);
    return result;
  }
  World world;
  std::unique_ptr<SourceTree> tree;
  std::unique_ptr<Draft> draft;
};

using Groups = std::vector<std::set<FindingNumber>>;

}  // namespace

TEST_CASE_METHOD(Fixture, "edits of one token compose and can be left out one by one") {
  add(replace("a.py", kText, "two\n", "", 1));
  add(replace("a.py", kText, "four", "FOUR", 2));
  add(edit("a.py", kText, {{0, 0, "zero\n"}}, 3));
  CHECK(content("a.py", {1, 2, 3}) == "zero\none\nthree\nFOUR\nfive\n");
  CHECK(content("a.py", {2}) == "one\ntwo\nthree\nFOUR\nfive\n");
  CHECK(content("a.py", {}) == kText);
  CHECK(groups() == Groups{{3}, {1}, {2}});
}

TEST_CASE_METHOD(Fixture, "an edit of the edited text is carried back to the bytes the step began with") {
  add(replace("a.py", kText, "two\n", "2 and a half\n", 1));
  REQUIRE(draft->materialize().ok());
  std::string seen = tree->read("a.py").value();
  CHECK(seen == "one\n2 and a half\nthree\nfour\nfive\n");
  add(replace("a.py", seen, "five", "5", 2));
  CHECK(content("a.py", {2}) == "one\ntwo\nthree\nfour\n5\n");
  CHECK(groups() == Groups{{1}, {2}});
}

TEST_CASE_METHOD(Fixture, "an edit inside what another finding put there joins both") {
  add(replace("a.py", kText, "two\n", "2 and a half\n", 1));
  std::string seen = content("a.py", {1});
  add(replace("a.py", seen, "and", "or", 2));
  CHECK(content("a.py", {1}) == "one\n2 or a half\nthree\nfour\nfive\n");
  CHECK(groups() == Groups{{1, 2}});
}

TEST_CASE_METHOD(Fixture, "one effect that changes two places of an earlier replacement is one change with it") {
  add(replace("a.py", kText, "two\n", "2 and a half\n", 1));
  std::string seen = content("a.py", {1});
  add(edit("a.py", seen, {{4, 1, "3"}, {12, 4, "bit"}}, 2));
  CHECK(content("a.py", {2}) == "one\n3 and a bit\nthree\nfour\nfive\n");
}

TEST_CASE_METHOD(Fixture, "neighbours that share no byte are two changes, an insertion between them joins them") {
  add(replace("a.py", kText, "two\n", "", 1));
  add(replace("a.py", kText, "three\n", "", 2));
  CHECK(groups() == Groups{{1}, {2}});
  CHECK(content("a.py", {2}) == "one\ntwo\nfour\nfive\n");
  add(edit("a.py", kText, {{8, 0, "new\n"}}, 3));
  CHECK(groups() == Groups{{1, 2, 3}});
}

TEST_CASE_METHOD(Fixture, "spans that overlap are one change, also across files by their findings") {
  add(replace("a.py", kText, "two\nth", "", 1));
  add(replace("a.py", kText, "three\n", "", 2));
  add(replace("b.py", "b\n", "b", "c", 2));
  add(replace("a.py", kText, "five", "5", 3));
  CHECK(groups() == Groups{{1, 2}, {3}});
  CHECK(draft->changes()[0].paths == std::set<std::string>{"a.py", "b.py"});
  CHECK(content("b.py", {1}) == "c\n");
}

TEST_CASE_METHOD(Fixture, "two findings that delete the same place agree, two that rewrite it do not") {
  add(edit("a.py", kText, {{4, 10, ""}}, 1));
  add(edit("a.py", kText, {{8, 11, ""}}, 2));
  CHECK(content("a.py", {1}) == "one\nfive\n");
  CHECK(groups() == Groups{{1, 2}});
  CHECK(refusal(edit("a.py", kText, {{5, 2, "x"}}, 3)) == ErrorKind::kConflict);
  CHECK(content("a.py", {1, 2, 3}) == "one\nfive\n");
}

TEST_CASE_METHOD(Fixture, "a wrong token, bad spans and bad paths are refused and leave no trace") {
  CHECK(refusal(edit("a.py", "other", {{0, 1, ""}}, 1)) == ErrorKind::kConflict);
  CHECK(refusal(edit("a.py", kText, {{5, 2, ""}, {4, 1, ""}}, 1)) == ErrorKind::kInvalid);
  CHECK(refusal(edit("a.py", kText, {{0, 1000, ""}}, 1)) == ErrorKind::kInvalid);
  CHECK(refusal(edit("a.py", kText, {{~0ULL, 2, ""}}, 1)) == ErrorKind::kInvalid);
  CHECK(refusal(edit("../a.py", kText, {{0, 1, ""}}, 1)) == ErrorKind::kInvalid);
  CHECK(refusal(edit("absent.py", kText, {{0, 1, ""}}, 1)) == ErrorKind::kConflict);
  CHECK(refusal(edit("a.py", kText, {{0, 1, ""}}, 0)) == ErrorKind::kInvalid);
  CHECK(refusal(create("b.py", "x", 1)) == ErrorKind::kConflict);
  CHECK(refusal(create("b.py/x", "x", 1)) == ErrorKind::kConflict);
  CHECK(refusal(removal("b.py", "other", 1)) == ErrorKind::kConflict);
  CHECK(draft->changes().empty());
}

TEST_CASE_METHOD(Fixture, "a file may be created, edited, removed and made anew within one step") {
  add(create("new/c.py", "c\n", 1));
  add(replace("new/c.py", "c\n", "c", "d", 2));
  CHECK(content("new/c.py", {1}) == "d\n");
  CHECK(content("new/c.py", {}) == "(absent)");
  CHECK(groups() == Groups{{1, 2}});
  add(removal("b.py", "b\n", 3));
  CHECK(refusal(replace("b.py", "b\n", "b", "x", 4)) == ErrorKind::kConflict);
  CHECK(content("b.py", {3}) == "(absent)");
  CHECK(content("b.py", {}) == "b\n");
  add(create("b.py", "anew\n", 4));
  CHECK(content("b.py", {3}) == "anew\n");
  CHECK(content("b.py", {}) == "b\n");
}

TEST_CASE_METHOD(Fixture, "a draft built again from its effects alone is the same, whatever was materialized when") {
  std::vector<Effect> effects{replace("a.py", kText, "two\n", "2\n", 1)};
  add(effects.back());
  REQUIRE(draft->materialize().ok());
  std::string seen = tree->read("a.py").value();
  effects.push_back(replace("a.py", kText, "five", "5", 2));  // against the older content
  add(effects.back());
  effects.push_back(replace("a.py", seen, "three", "3", 3));  // against the one between
  add(effects.back());
  REQUIRE(tree->reset(tree->commit()).ok());
  Draft again(*tree);
  for (const auto& effect : effects) REQUIRE(again.add(effect).ok());
  CHECK(again.contents({1, 2, 3}).value() == draft->contents({1, 2, 3}).value());
  CHECK(content("a.py", {1, 2, 3}) == "one\n2\n3\nfour\n5\n");
}

TEST_CASE_METHOD(Fixture, "materialize writes what changed and a folder may take the name of a file") {
  add(removal("b.py", "b\n", 1));
  REQUIRE(draft->materialize().ok());
  CHECK_FALSE(tree->tracked("b.py"));
  add(create("b.py/c", "c\n", 2));
  REQUIRE(draft->materialize().ok());
  CHECK(tree->read("b.py/c").value() == "c\n");
}

TEST_CASE_METHOD(Fixture, "a symlink in place of a file is a conflict") {
  fs::remove(tree->path() / "b.py");
  fs::create_symlink("a.py", tree->path() / "b.py");
  CHECK(refusal(replace("b.py", "b\n", "b", "x", 1)) == ErrorKind::kConflict);
}

TEST_CASE("line ends and a missing final line break stay as they are") {
  World world;
  world.init();
  std::string text = "one\r\ntwo\r\nlast";
  world.write("a.py", text);
  world.commit_all();
  auto tree = world.open();
  Draft draft(*tree);
  REQUIRE(draft.add(replace("a.py", text, "two\r\n", "", 1)).ok());
  REQUIRE(draft.materialize().ok());
  CHECK(tree->read("a.py").value() == "one\r\nlast");
}

}  // namespace daydream::changes
