// The line and the caret below a message.
#include "manifest/excerpt.hpp"

#include <catch2/catch.hpp>

#include "manifest/load.hpp"
#include "manifest/test_folder.hpp"

using namespace daydream;
using manifest::excerpt;

TEST_CASE("the caret stands below the word, also behind tabs and wide characters") {
  CHECK(excerpt("{\n\t\"mode\": \"brunch\"\n}", {2, 10}) == "\n  2 |  \"mode\": \"brunch\"\n    |          ^~~~~~~~");
  CHECK(excerpt("{\"größe\": tru}", {1, 13}) == "\n  1 | {\"größe\": tru}\n    |           ^~~");
  CHECK(excerpt("[1, 2]", {1, 1}) == "\n  1 | [1, 2]\n    | ^");
  CHECK(excerpt("{\"a\": \"b\\\"c\", \"d\": 1}", {1, 7}) ==
        "\n  1 | {\"a\": \"b\\\"c\", \"d\": 1}\n    |       ^~~~~~");
}

TEST_CASE("a long line is cut on both sides") {
  const std::string line =
      "{\"a\": \"" + std::string(300, 'x') + "\", \"mode\": 5, \"b\": \"" + std::string(300, 'y') + "\"}";
  const std::string shown = excerpt(line, {1, static_cast<int>(line.find(" 5,")) + 2});
  CHECK(shown.size() < 300);
  CHECK_THAT(shown, Catch::StartsWith("\n  1 | ...xxx"));
  CHECK_THAT(shown, Catch::Contains("\"mode\": 5, \"b\": \"yyy"));
  const std::size_t second = shown.find('\n', 1);
  CHECK(shown.find('^') - second == shown.find("5,"));
}

TEST_CASE("nothing is shown where nothing is, or of what looks like a secret") {
  CHECK(excerpt("{}", {9, 1}).empty());
  CHECK(excerpt("{}", {0, 0}).empty());
  CHECK(excerpt("{\"password\": \"hunter2hunter2\", \"x\": 1}", {1, 38}).empty());
  const auto loaded = manifest::load_text(
      "{\"manifest\": 1, \"steps\": [],\n\"secrets\": {\"A\": {\"env\": \"not a name\", \"hosts\": [\"x.org\"]}}}", "m",
      "");
  CHECK_THAT(loaded.error().message(), Catch::Contains("secrets.A.env"));
  CHECK_THAT(loaded.error().message(), !Catch::Contains("not a name"));
}

TEST_CASE("what a terminal obeys is made visible, and what is no text cannot harm") {
  CHECK_THAT(excerpt("\"\x1b[31m\" x", {1, 1}), !Catch::Contains("\x1b"));
  CHECK_THAT(excerpt("\xff\xfe x", {1, 3}), Catch::Contains("^"));
}

TEST_CASE("a manifest that is no JSON is shown where it breaks") {
  const auto loaded = manifest::load_text("{\n  \"manifest\": 1,\n  \"mode\" \"branch\"\n}", "m.json", "");
  REQUIRE_FALSE(loaded.ok());
  CHECK_THAT(loaded.error().message(), Catch::StartsWith("/m.json:3:10: "));
  CHECK_THAT(loaded.error().message(), Catch::EndsWith("\n  3 |   \"mode\" \"branch\"\n    |          ^~~~~~~~"));
}

TEST_CASE("a message reads as that of a good compiler") {
  testing::Shelved world;
  world.own("{\n  \"manifest\": 1,\n  \"extends\": [\"daydream\"],\n  \"mode\": \"brunch\"\n}");
  CHECK(world.why(true) ==
        "/own/m.json:4:11: mode: expected one of \"observe\", \"patch\", \"branch\", \"in-place\", not \"brunch\"; did "
        "you mean \"branch\"?\n  4 |   \"mode\": \"brunch\"\n    |           ^~~~~~~~");
}
