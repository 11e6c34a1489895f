#include <catch2/catch.hpp>

#include "daydream/testing/cases.hpp"

using namespace daydream;
using namespace daydream::testing;

namespace {

// What a reader of the written file gets back.
std::string round_trip(const std::string& content, bool last = true) {
  CaseFile file;
  Case one;
  one.name = "one";
  one.sections = {make_section("before", "a", content)};
  file.cases = {one};
  if (!last) file.cases.push_back(Case{"two", 0, {make_section("before", "b", "b\n")}});
  auto parsed = parse_cases(write_cases(file), "x.case");
  REQUIRE(parsed);
  return parsed->cases.at(0).sections.at(0).content;
}

std::string refusal(const std::string& text) {
  auto parsed = parse_cases(text, "x.case");
  return parsed ? "" : parsed.error().message();
}

}  // namespace

TEST_CASE("any bytes come back as they were") {
  std::string every;
  for (int byte = 0; byte < 256; ++byte) every += static_cast<char>(byte);
  const std::string contents[] = {
      "",         "a",      "a\n",       "\n",           "\n\n",      "a\n\n",      "a\r\nb\r\n",
      "a\r\nb\n", "a\r\nb", "x = 1  \n", "-- after b\n", "== case\n", "\\ \\x41\n", "caf\xc3\xa9\n",
      "\xff\n",   "\t\n",   " \n",       "\r\n",         "\r",        every,        "--\n"};
  for (const auto& content : contents) {
    INFO(content);
    CHECK(round_trip(content) == content);
    CHECK(round_trip(content, false) == content);
  }
}

TEST_CASE("text that a person can read is written without flags") {
  CHECK(make_section("after", "src/a.py", "x = 1\n").raw == "-- after src/a.py\nx = 1\n");
  CHECK(make_section("after", "a", "x\r\n").raw == "-- after a [crlf]\nx\n");
  CHECK(make_section("after", "a", "x").raw == "-- after a [no-newline]\nx\n");
  CHECK(make_section("after", "a", "x \n").raw == "-- after a [escaped]\nx\\x20\n");
}

TEST_CASE("a path of any bytes comes back as it was") {
  for (const std::string path : {"a b.py", "a [crlf]", "\"quoted\"", "\xff.py", " leading"}) {
    CaseFile file;
    file.cases = {Case{"one", 0, {make_section("before", path, "x\n")}}};
    auto parsed = parse_cases(write_cases(file), "x.case");
    REQUIRE(parsed);
    CHECK(parsed->cases.at(0).sections.at(0).argument == path);
  }
}

TEST_CASE("what is wrong with a file is said with its line") {
  CHECK(refusal("") == "x.case: no case (\"== name\")");
  CHECK(refusal("-- before a\n") == "x.case:1: a section before the first case (\"== name\")");
  CHECK(
      refusal("== one\n-- finding\n").find("x.case:2: unknown section \"-- finding\"; did you mean \"-- findings\"?") ==
      0);
  CHECK(refusal("== one\n-- before\n") == "x.case:2: \"-- before\" needs an argument");
  CHECK(refusal("== one\n-- findings a\n") == "x.case:2: \"-- findings\" takes no argument");
  CHECK(refusal("== one\n-- before a [crfl]\n").find("x.case:2: unknown flag \"crfl\"") == 0);
  CHECK(refusal("== one\n-- before a [escaped]\n\\q\n").find("x.case:2: after a backslash") == 0);
  CHECK(refusal("== one\n-- after a\nx\n-- after a\ny\n") == "x.case:4: \"-- after\" a second time");
  CHECK(refusal("== one\nloose\n").find("x.case:2: expected a section") == 0);
}

TEST_CASE("a history becomes commits, and the tree is its head") {
  auto parsed = parse_cases(
      "== one\n-- commit \"add a\" 2024-01-31\n-- file a\nx\n-- commit second 2024-02-01\n-- gone a\n-- file b\ny\n",
      "x");
  REQUIRE(parsed);
  auto start = start_of(parsed->cases.at(0));
  REQUIRE(start);
  REQUIRE(start->history.size() == 2);
  CHECK(start->history[0].message == "add a");
  CHECK(start->history[0].date == "2024-01-31");
  CHECK(start->history[1].removed == std::vector<std::string>{"a"});
  CHECK(start->files == FileMap{{"b", "y\n"}});
}

TEST_CASE("a path that would leave its folder is refused") {
  for (const std::string section :
       {"before ../a", "live /etc/passwd", "root log:1 ../a", "root log:0 a", "root logs a"}) {
    auto parsed = parse_cases("== one\n-- " + section + "\nx\n", "x");
    REQUIRE(parsed);
    CHECK_FALSE(start_of(parsed->cases.at(0)));
  }
}

TEST_CASE("a diff shows what differs and a little around it") {
  CHECK(diff("a\nb\nc\n", "a\nB\nc\n") == "    a\n  - b\n  + B\n    c\n");
  CHECK(diff("x\n", "x ") == "  - x\n  + x\\x20  (no line feed at the end)\n");
  CHECK(diff("same\n", "same\n") == "    same\n");
}
