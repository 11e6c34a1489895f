#include <catch2/catch.hpp>

#include "daydream/source/file.hpp"

namespace daydream::source {

TEST_CASE("the language follows from the extension, else from the first line") {
  CHECK(detect("a/b.py") == Language::kPython);
  CHECK(detect("a.pyi") == Language::kPython);
  CHECK(detect("a.tsx") == Language::kTsx);
  CHECK(detect("a.h") == Language::kCpp);
  CHECK(detect("bin/tool", "#!/usr/bin/env python3\nimport os\n") == Language::kPython);
  CHECK(detect("bin/tool", "#! /usr/bin/env -S FOO=1 bash -e\n") == Language::kShell);
  CHECK(detect("bin/tool", "#!/usr/bin/node\n") == Language::kJavaScript);
  CHECK(detect("README", "no interpreter") == Language::kNone);
  CHECK(detect("a.unknown", "#!/bin/sh\n") == Language::kNone);
  CHECK(detect(".bashrc", "") == Language::kNone);
}

TEST_CASE("comments are found in every language") {
  struct Example {
    Language language;
    const char* text;
    std::vector<std::string> comments;
    std::vector<CommentKind> kinds;
  };
  const auto line = CommentKind::kLine, block = CommentKind::kBlock;
  const std::vector<Example> examples = {
      {Language::kPython, "x = '# no'  # yes\n", {"# yes"}, {line}},
      {Language::kJavaScript, "// a\nlet x = '// no'; /* b */\n", {"// a", "/* b */"}, {line, block}},
      {Language::kTypeScript, "let x: number = 1; // a\n", {"// a"}, {line}},
      {Language::kTsx, "const x = <a>{/* b */}</a>; // c\n", {"/* b */", "// c"}, {block, line}},
      {Language::kC, "int x; /* a */ // b\n", {"/* a */", "// b"}, {block, line}},
      {Language::kCpp, "auto x = R\"(// no)\"; // a\n", {"// a"}, {line}},
      {Language::kGo, "package a\n// b\n", {"// b"}, {line}},
      {Language::kJava, "/** a */ class B { } // c\n", {"/** a */", "// c"}, {block, line}},
      {Language::kRust, "/// a\nfn b() {} // c\n", {"/// a", "// c"}, {line, line}},
      {Language::kShell, "echo '# no' # yes\n", {"# yes"}, {line}},
  };
  for (const Example& example : examples) {
    const auto file = File::parse(example.text, example.language);
    INFO(language_name(example.language));
    REQUIRE(file.ok());
    CHECK(file->clean());
    std::vector<std::string> found;
    std::vector<CommentKind> kinds;
    for (const Comment& comment : file->comments()) {
      found.emplace_back(file->content().substr(comment.begin, comment.end - comment.begin));
      kinds.push_back(comment.kind);
    }
    CHECK(found == example.comments);
    CHECK(kinds == example.kinds);
  }
}

TEST_CASE("identifiers are found in every language") {
  for (const auto& [language, text] :
       std::vector<std::pair<Language, const char*>>{{Language::kPython, "wanted = 1\n"},
                                                     {Language::kJavaScript, "let wanted;"},
                                                     {Language::kTypeScript, "type wanted = 1;"},
                                                     {Language::kC, "int wanted;"},
                                                     {Language::kCpp, "struct wanted {};"},
                                                     {Language::kGo, "package wanted\n"},
                                                     {Language::kJava, "class wanted {}"},
                                                     {Language::kRust, "fn wanted() {}"},
                                                     {Language::kShell, "wanted=1\n"}}) {
    const auto file = File::parse(text, language);
    INFO(language_name(language));
    REQUIRE(file.ok());
    const auto names = file->identifiers();
    REQUIRE_FALSE(names.empty());
    CHECK(file->text(names.front()) == "wanted");
  }
}

TEST_CASE("a text with syntax errors has a tree, and says that it is not clean") {
  const auto file = File::parse("def f(:\n", Language::kPython);
  REQUIRE(file.ok());
  CHECK_FALSE(file->clean());
  CHECK(*count_errors("x = 1\n", Language::kPython) == 0);
  CHECK(*count_errors("x = = 1\n", Language::kPython) > 0);
}

TEST_CASE("a file over the limit is refused with the limit") {
  const std::string text(100, ' ');
  const auto file = File::parse(text, Language::kPython, {.max_bytes = 99});
  REQUIRE_FALSE(file.ok());
  CHECK(file.error().kind() == ErrorKind::kUnsupported);
}

TEST_CASE("a parse that takes too long is given up, and the next one works") {
  std::string text;
  for (int i = 0; i < 200000; ++i) text += "x = [1, 2, 3]\n";
  const auto slow =
      File::parse(text, Language::kPython, {.max_bytes = text.size(), .max_time = std::chrono::milliseconds(1)});
  REQUIRE_FALSE(slow.ok());
  CHECK(slow.error().kind() == ErrorKind::kUnsupported);
  CHECK(File::parse("x = 1\n", Language::kPython)->clean());
}

TEST_CASE("nodes lie in document order, each knows its last") {
  const auto file = File::parse("a = [b, c]\n", Language::kPython);
  REQUIRE(file.ok());
  for (NodeId id = 1; id < file->nodes().size(); ++id) {
    const Node& node = (*file)[id];
    CHECK(node.parent < id);
    CHECK((*file)[node.parent].last >= node.last);
    CHECK(node.begin >= (*file)[node.parent].begin);
  }
  CHECK(file->line(0) == 1);
  CHECK(file->line(11) == 2);
}

TEST_CASE("bytes that are no UTF-8 are only bytes") {
  const auto file = File::parse("x = '\xFF\xFE'\n", Language::kPython);
  REQUIRE(file.ok());
  CHECK(file->nodes().size() > 3);
}

}  // namespace daydream::source
