// What goes with a TODO comment: put back where it was it is the file again, byte for byte.
#include <catch2/catch.hpp>
#include <random>

#include "daydream/source/file.hpp"
#include "plugins/task_cleanup/comments/extent.hpp"

using daydream::source::Language;
using namespace daydream::tasks;

namespace {

// The file without its first comment that can be taken out; the same where there is none.
std::string without_first(const std::string& content, Language language) {
  for (const TodoComment& todo : todo_comments(content, language)) {
    const auto extent = extent_of(content, language, todo);
    if (!extent) continue;
    REQUIRE(extent->bytes.begin < extent->bytes.end);
    REQUIRE(extent->bytes.end <= content.size());
    return content.substr(0, extent->bytes.begin) + content.substr(extent->bytes.end);
  }
  return content;
}

}  // namespace

TEST_CASE("whole lines go with their ends, tails without") {
  CHECK(without_first("a = 1\r\n# TODO: x\r\nb = 2\r\n", Language::kPython) == "a = 1\r\nb = 2\r\n");
  CHECK(without_first("a = 1 \t # TODO: x\r\nb = 2", Language::kPython) == "a = 1\r\nb = 2");
  CHECK(without_first("a = 1\n# TODO: x", Language::kPython) == "a = 1\n");
  CHECK(without_first("int a; // TODO: \xFF\xE9\nint b;\n", Language::kC) == "int a;\nint b;\n");
  CHECK(without_first("\xEF\xBB\xBF// TODO: x\nint b;\n", Language::kC) == "\xEF\xBB\xBF// TODO: x\nint b;\n");
  CHECK(without_first("/*\n * FIXME: x,\n * y\n */\nint b;\n", Language::kCpp) == "int b;\n");
}

TEST_CASE("what holds more, or leaves a part behind, stays") {
  for (const char* c : {"// TODO: x\n", "int f() {\n  // TODO: x\n}\n", "#define A 1 \\\n  // TODO: x\nint b;\n",
                        "int a; // TODO: x\n       // more\n", "// TODO: x\n// Words of another matter.\nint b;\n",
                        "// TODO: x NOLINT\nint b;\n", "// So:\n// TODO: x\nint b;\n", "//\n// TODO: x\nint b;\n",
                        "f(/* TODO: x */ 1);\n", "/* A.\n * TODO: x */\nint b;\n"}) {
    INFO(c);
    CHECK(without_first(c, Language::kCpp) == c);
  }
}

TEST_CASE("the words of all its lines are known") {
  const std::string content = "// TODO(bob): one,\n//   Two.\n// Three.\nint b;\n";
  const auto found = todo_comments(content, Language::kC);
  REQUIRE(found.size() == 1);
  CHECK_FALSE(extent_of(content, Language::kC, found[0]));  // "Three." may be about b
  const std::string shorter = "// TODO(bob): one,\n//   Two\nint b;\n";
  const auto extent = extent_of(shorter, Language::kC, todo_comments(shorter, Language::kC).at(0));
  REQUIRE(extent);
  CHECK(extent->text == "TODO(bob): one, Two");
}

TEST_CASE("random sources: all other bytes stay, and the code reads the same") {
  static const std::vector<std::string> kPieces{"// TODO: fix it\n",
                                                "  // FIXME(#1): it\r\n",
                                                "int a;",
                                                " // TODO: tail\n",
                                                "/* TODO: a\n b */",
                                                "\n",
                                                "\r\n",
                                                "{",
                                                "}",
                                                "if (x) ",
                                                "// words\n",
                                                "\\\n",
                                                "\"// TODO: no\"",
                                                "#define A ",
                                                "/*",
                                                "*/",
                                                "\t",
                                                "f();",
                                                "\xFF"};
  std::mt19937 random(20261123);
  std::size_t taken = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string content;
    const std::size_t pieces = random() % 14;
    for (std::size_t at = 0; at < pieces; ++at) content += kPieces[random() % kPieces.size()];
    for (const TodoComment& todo : todo_comments(content, Language::kCpp)) {
      const auto extent = extent_of(content, Language::kCpp, todo);
      if (!extent) continue;
      ++taken;
      INFO(content);
      const std::string gone = content.substr(extent->bytes.begin, extent->bytes.size());
      CHECK(gone.find(todo.tag) != std::string::npos);
      const std::string after = content.substr(0, extent->bytes.begin) + content.substr(extent->bytes.end);
      const auto errors = daydream::source::count_errors(after, Language::kCpp);
      REQUIRE(errors);
      CHECK(*errors == *daydream::source::count_errors(content, Language::kCpp));
    }
  }
  CHECK(taken > 300);
}
