// What a comment is taken for: words are told from code before anything is parsed, and code is never lost by it.
#include "plugins/legacy_cleanup/rules/comment_code.hpp"

#include <catch2/catch.hpp>

namespace daydream::legacy {
namespace {

const std::unordered_set<std::string_view> kKnown{"value", "self", "os", "f"};

CodeVerdict judged(const std::string& code, bool nested = false) {
  return judge_code(code + "\n", nested, kKnown);
}

}  // namespace

TEST_CASE("words side by side are a sentence, whatever stands around them") {
  for (const char* const words :
       {"see the manual (chapter 3)", "f(x) is called twice", "value = the old one", "version 2: not yet",
        "3 apples: more", "if value: then we return", "self.f(1) should be safe here", "[link to it]"}) {
    INFO(words);
    const CodeVerdict verdict = judged(words);
    CHECK(verdict.coded);
    CHECK_FALSE(verdict.parses);
    CHECK_FALSE(verdict.likely);
  }
}

TEST_CASE("keywords between names make no sentence of code") {
  for (const char* const code :
       {"value = f(1) if self else f(2)", "for value in self.all:\n    f(value)", "assert value is not None, 'gone'",
        "from os.path import join as value", "async def g(self):\n    await f(value)", "value = lambda self: f(self)",
        "print 'hello'", "with f(1) as value:\n    pass", "del value, self.x", "value = not f(1) or 2 and 3"}) {
    INFO(code);
    CHECK(judged(code).parses);
  }
}

TEST_CASE("names that are keywords in some places only may stand before a word") {
  CHECK(judged("match value:\n    case 1:\n        f(1)").parses);
  CHECK(judged("type Alias = list[int]").parses);
}

TEST_CASE("words without any sign of code are not looked into") {
  for (const char* const words : {"hello", "nothing to see", "3"}) CHECK_FALSE(judged(words).coded);
}

TEST_CASE("inside brackets entries are code, and sentences are not") {
  CHECK(judged("'a', 'b',", true).likely);
  CHECK(judged("value=f(1),", true).likely);
  CHECK_FALSE(judged("not this one, it is old,", true).likely);
}

}  // namespace daydream::legacy
