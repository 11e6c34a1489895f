#include <catch2/catch.hpp>
#include <chrono>
#include <string>

#include "daydream/kit/text.hpp"

using daydream::text::glob_match;
using daydream::text::glob_match_itself;

TEST_CASE("a pattern without a slash matches in every folder") {
  CHECK(glob_match("*.py", "a.py"));
  CHECK(glob_match("*.py", "src/deep/a.py"));
  CHECK_FALSE(glob_match("*.py", "a.pyc"));
  CHECK(glob_match("a?c", "x/abc"));
  CHECK_FALSE(glob_match("a?c", "a/c"));
}

TEST_CASE("a pattern with a slash is held to the root") {
  CHECK(glob_match("src/*.py", "src/a.py"));
  CHECK_FALSE(glob_match("src/*.py", "x/src/a.py"));
  CHECK_FALSE(glob_match("src/*.py", "src/b/a.py"));
  CHECK(glob_match("/a.py", "a.py"));
  CHECK_FALSE(glob_match("/a.py", "b/a.py"));
}

TEST_CASE("two stars go over any number of folders") {
  CHECK(glob_match("src/**/a.py", "src/a.py"));
  CHECK(glob_match("src/**/a.py", "src/x/y/a.py"));
  CHECK(glob_match("**/a.py", "a.py"));
  CHECK(glob_match("**/x/**/y", "a/x/b/c/y"));
  CHECK(glob_match("src/**", "src/a"));
  CHECK_FALSE(glob_match("src/**", "src"));
  CHECK(glob_match("**", "a"));
  CHECK(glob_match("a/**/b/**/c", "a/b/b/x/c"));
  CHECK_FALSE(glob_match("a**b", "a/b"));  // not a part of its own: one star
}

TEST_CASE("a folder that matches takes all below it") {
  CHECK(glob_match("build", "build/x/y.o"));
  CHECK(glob_match("build/", "a/build/x.o"));
  CHECK_FALSE(glob_match("build/", "a/build"));
  CHECK(glob_match("build/", "a/build/"));
  CHECK_FALSE(glob_match_itself("build", "build/x"));
  CHECK(glob_match_itself("build", "a/build"));
  CHECK(glob_match_itself("build/", "a/build/"));
  CHECK_FALSE(glob_match_itself("build/", "a/build"));
  CHECK_FALSE(glob_match("/a/**/", "a/file"));
  CHECK(glob_match("/a/**/", "a/folder/file"));
}

TEST_CASE("brackets hold sets, ranges, names and their negation") {
  CHECK(glob_match("[abc].txt", "b.txt"));
  CHECK_FALSE(glob_match("[!abc].txt", "b.txt"));
  CHECK(glob_match("[^a].txt", "b.txt"));
  CHECK(glob_match("[0-9a-f]", "e"));
  CHECK(glob_match("[]]", "]"));
  CHECK(glob_match("[a-]", "-"));
  CHECK(glob_match("[[:digit:]x]", "7"));
  CHECK_FALSE(glob_match("[[:alpha:]]", "7"));
  CHECK_FALSE(glob_match("[a", "a"));
  CHECK_FALSE(glob_match("[a", "[a"));
}

TEST_CASE("a backslash takes the meaning from what follows") {
  CHECK(glob_match("\\*.py", "*.py"));
  CHECK_FALSE(glob_match("\\*.py", "a.py"));
  CHECK(glob_match("a\\", "a\\"));
}

TEST_CASE("stars take what they must, not more") {
  CHECK(glob_match("a*b*c", "axxbyybzzc"));
  CHECK(glob_match("*.tar.gz", "a.tar.tar.gz"));
  CHECK(glob_match("*", "a"));
  CHECK_FALSE(glob_match("a*bc", "axbxc"));
  CHECK(glob_match("*a", "aaa"));
}

TEST_CASE("nothing matches an empty pattern or an empty path") {
  CHECK_FALSE(glob_match("", "a"));
  CHECK_FALSE(glob_match("/", "a"));
  CHECK_FALSE(glob_match("a", ""));
  CHECK_FALSE(glob_match("a", "/"));
}

TEST_CASE("names that are not UTF-8 are bytes like others") {
  CHECK(glob_match("a\xff*", "a\xff\xfe"));
  CHECK(glob_match("a?b",
                   "a\xff"
                   "b"));
}

TEST_CASE("a hostile pattern costs no time") {
  std::string stars;
  for (int i = 0; i < 2'000; ++i) stars += "*a";
  std::string folders;
  for (int i = 0; i < 500; ++i) folders += "**/a/";
  std::string path;
  for (int i = 0; i < 1'000; ++i) path += "a/";
  const auto start = std::chrono::steady_clock::now();
  CHECK_FALSE(glob_match(stars + "b", std::string(4'000, 'a')));
  CHECK_FALSE(glob_match(folders + "b", path + "c"));
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(10));  // exponential would be for ever
}
