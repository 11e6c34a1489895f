#include "daydream/testing/draft.hpp"

#include <catch2/catch.hpp>
#include <random>

using namespace daydream::testing;

namespace {

Effect edit(const std::string& seen, std::vector<SpanEdit> spans, std::uint64_t finding) {
  Effect effect;
  effect.finding = finding;
  effect.path = "a";
  effect.token = token_of(seen);
  effect.spans = std::move(spans);
  return effect;
}

std::string all(const Draft& draft) {
  return draft.edited().at("a");
}
std::string only(const Draft& draft, std::uint64_t finding) {
  return draft.with([finding](const auto& change) { return change.count(finding) != 0; }).at("a");
}

}  // namespace

TEST_CASE("several edits of one token compose, in any order") {
  Draft draft(FileMap{{"a", "one two three"}});
  CHECK(draft.add(edit("one two three", {{8, 5, "THREE"}}, 1)) == Draft::Taken::kTaken);
  CHECK(draft.add(edit("one two three", {{0, 4, ""}}, 2)) == Draft::Taken::kTaken);
  CHECK(all(draft) == "two THREE");
  CHECK(only(draft, 1) == "one two THREE");
  CHECK(only(draft, 2) == "two three");
}

TEST_CASE("an edit of edited content is carried back to the first bytes") {
  Draft draft(FileMap{{"a", "one two three"}});
  CHECK(draft.add(edit("one two three", {{0, 4, ""}}, 1)) == Draft::Taken::kTaken);
  CHECK(draft.add(edit("two three", {{4, 5, "3"}}, 2)) == Draft::Taken::kTaken);
  CHECK(all(draft) == "two 3");
  CHECK(only(draft, 2) == "one two 3");
}

TEST_CASE("an edit of what an earlier one wrote belongs to both findings") {
  Draft draft(FileMap{{"a", "one two three"}});
  CHECK(draft.add(edit("one two three", {{4, 3, "zwei"}}, 1)) == Draft::Taken::kTaken);
  CHECK(draft.add(edit("one zwei three", {{6, 2, "o"}}, 2)) == Draft::Taken::kTaken);
  CHECK(all(draft) == "one zwo three");
  CHECK(only(draft, 1) == "one zwo three");
}

TEST_CASE("overlapping removals become one change, other overlaps are in conflict") {
  Draft draft(FileMap{{"a", "0123456789"}});
  CHECK(draft.add(edit("0123456789", {{2, 4, ""}}, 1)) == Draft::Taken::kTaken);
  CHECK(draft.add(edit("0123456789", {{4, 4, ""}}, 2)) == Draft::Taken::kTaken);
  CHECK(all(draft) == "0189");
  CHECK(only(draft, 1) == "0189");
  CHECK(draft.add(edit("0123456789", {{7, 2, "x"}}, 3)) == Draft::Taken::kConflict);
  CHECK(all(draft) == "0189");
}

TEST_CASE("an unknown token, bad spans and a missing file are refused") {
  Draft draft(FileMap{{"a", "text"}});
  CHECK(draft.add(edit("other", {{0, 1, ""}}, 1)) == Draft::Taken::kUnknownToken);
  CHECK(draft.add(edit("text", {{0, 5, ""}}, 1)) == Draft::Taken::kBadSpans);
  CHECK(draft.add(edit("text", {{2, 1, ""}, {1, 1, ""}}, 1)) == Draft::Taken::kBadSpans);
  CHECK(draft.add(edit("text", {{1, ~0ULL, ""}}, 1)) == Draft::Taken::kBadSpans);
  CHECK(draft.add(edit("text", {}, 1)) == Draft::Taken::kBadSpans);
  Effect missing = edit("text", {{0, 1, ""}}, 1);
  missing.path = "b";
  CHECK(draft.add(missing) == Draft::Taken::kMissing);
  CHECK(all(draft) == "text");
}

TEST_CASE("a file can be created, removed, and removed and made anew") {
  Draft draft(FileMap{{"a", "old"}});
  Effect create;
  create.kind = EffectKind::kCreate;
  create.finding = 1;
  create.path = "b";
  create.content = "new";
  CHECK(draft.add(create) == Draft::Taken::kTaken);
  CHECK(draft.add(create) == Draft::Taken::kExists);
  Effect remove = edit("old", {}, 2);
  remove.kind = EffectKind::kRemove;
  CHECK(draft.add(remove) == Draft::Taken::kTaken);
  CHECK(draft.edited() == FileMap{{"b", "new"}});
  create.path = "a";
  create.finding = 3;
  create.content = "anew";
  CHECK(draft.add(create) == Draft::Taken::kTaken);
  CHECK(draft.edited() == FileMap{{"a", "anew"}, {"b", "new"}});
  CHECK(draft.with([](const auto&) { return false; }) == FileMap{{"a", "old"}});
}

TEST_CASE("edits of the latest content give what applying them one by one gives") {
  std::mt19937 random(7);  // a fixed seed: the same edits each time
  for (int round = 0; round < 300; ++round) {
    std::string expected = "abcdefghijklmnopqrstuvwxyz";
    Draft draft(FileMap{{"a", expected}});
    for (std::uint64_t finding = 1; finding <= 8; ++finding) {
      const std::uint64_t offset = random() % (expected.size() + 1);
      const std::uint64_t size = random() % (expected.size() - offset + 1) % 7;
      const std::string replacement(random() % 4, static_cast<char>('A' + 2 * finding));
      REQUIRE(draft.add(edit(expected, {{offset, size, replacement}}, finding)) == Draft::Taken::kTaken);
      expected.replace(offset, size, replacement);
      REQUIRE(all(draft) == expected);
    }
  }
}

TEST_CASE("a file that was created may be edited by the token of its content") {
  Draft draft(FileMap{});
  Effect create;
  create.kind = EffectKind::kCreate;
  create.finding = 1;
  create.path = "a";
  create.content = "one two";
  CHECK(draft.add(create) == Draft::Taken::kTaken);
  CHECK(draft.add(edit("one two", {{4, 3, "2"}}, 2)) == Draft::Taken::kTaken);
  CHECK(all(draft) == "one 2");
  CHECK(draft.with([](const auto& change) { return change.count(2) == 0; }).empty());  // one change
}
