#include <catch2/catch.hpp>

#include "daydream/source/c_lexer.hpp"

namespace daydream::source::c {
namespace {

std::vector<std::string> texts(std::string_view content, TokenKind kind) {
  const Lexed lexed = lex(content);
  std::vector<std::string> found;
  for (const Token& token : lexed.tokens) {
    if (token.kind == kind) found.emplace_back(lexed.text(token));
  }
  return found;
}
using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("comments, strings and directives are told apart") {
  const std::string_view text = "#include <a.h> // why\nint a = '\"'; /* b\n c */ char *d = \"// e\";\n";
  CHECK(texts(text, TokenKind::kComment) == Texts{"/* b\n c */"});
  CHECK(texts(text, TokenKind::kString) == Texts{"\"// e\""});
  CHECK(texts(text, TokenKind::kCharacter) == Texts{"'\"'"});
  CHECK(texts(text, TokenKind::kDirective) == Texts{"#include <a.h> // why"});
}

TEST_CASE("raw strings, separators, splices and prefixes") {
  CHECK(texts("auto a = R\"x(\" // )x\";\nint b;", TokenKind::kString) == Texts{"R\"x(\" // )x\""});
  CHECK(texts("int a = 1'000'000; char b = 'c';", TokenKind::kNumber) == Texts{"1'000'000"});
  CHECK(texts("// a \\\n still\nint b;", TokenKind::kComment) == Texts{"// a \\\n still"});
  CHECK(texts("#define A(x) \\\n  x;\nint b;", TokenKind::kDirective) == Texts{"#define A(x) \\\n  x;"});
  CHECK(texts("#define A /* two\n lines */ 1\nint b;", TokenKind::kDirective) ==
        Texts{"#define A /* two\n lines */ 1"});
  CHECK(texts("u8\"a\" L'b'", TokenKind::kString) == Texts{"u8\"a\""});
}

TEST_CASE("a quote in prose does not swallow the rest") {
  const std::string_view text = "#if 0\ndon't\n#endif\nint a;\n";
  CHECK(texts(text, TokenKind::kDirective).size() == 2);
  CHECK_FALSE(lex(text).broken);
  CHECK(lex("/* no end").broken);
  CHECK(lex("R\"(no end").broken);
}

TEST_CASE("lines are counted through everything") {
  const Lexed lexed = lex("/* 1\n 2 */ // 2 \\\n 3\nR\"(\n)\" \\\n a\n#x \\\n\nb");
  REQUIRE(lexed.tokens.size() == 6);
  CHECK(lexed.tokens[0].line == 1);
  CHECK(lexed.tokens[1].line == 2);
  CHECK(lexed.tokens[2].line == 4);
  CHECK(lexed.tokens[3].line == 6);
  CHECK(lexed.tokens[4].line == 7);
  CHECK(lexed.tokens[5].line == 9);
}

TEST_CASE("the parts of a directive") {
  CHECK(directive_name("#  if 0 // x") == "if");
  CHECK(directive_rest("#  if 0 // x") == "0");
  CHECK(directive_rest("#if /* y */ 1").empty());
  CHECK(directive_name("#").empty());
}

TEST_CASE("regions nest, and what does not match up is none") {
  const auto found = regions(lex("#if 0\n#ifdef A\n#else\n#endif\n#elif B\n#else\n#endif\n"));
  REQUIRE(found.size() == 2);
  CHECK(found[0].branches == 2);
  CHECK(found[1].branches == 1);
  CHECK(found[0].end > found[1].end);
  CHECK(regions(lex("#if 0\n")).empty());
  CHECK(regions(lex("#if 0\n#endif\n#endif\n")).empty());
  CHECK(regions(lex("#else\n")).empty());
}

}  // namespace daydream::source::c
