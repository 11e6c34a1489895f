#include <catch2/catch.hpp>

#include <string>

#include "daydream/source/python_lexer.hpp"

namespace daydream::source::python {
namespace {

// "n:import n:os ;" - a letter a token: n name, # comment, s string, f piece of an f-string, 1, o, ; newline.
std::string shape(std::string_view source) {
  const Lexed lexed = lex(source);
  std::string out;
  for (const Token& token : lexed.tokens) {
    if (!out.empty()) out += ' ';
    switch (token.kind) {
      case TokenKind::kName:
        out += std::string(lexed.text(token));
        break;
      case TokenKind::kNumber:
        out += "1";
        break;
      case TokenKind::kString:
        out += "s";
        break;
      case TokenKind::kFString:
        out += "f";
        break;
      case TokenKind::kOperator:
        out += std::string(lexed.text(token));
        break;
      case TokenKind::kComment:
        out += "#";
        break;
      case TokenKind::kNewline:
        out += ";";
        break;
      case TokenKind::kOther:
        out += "?";
        break;
    }
  }
  return out;
}

}  // namespace

TEST_CASE("names, numbers, operators and comments") {
  CHECK(shape("x = a.b + 1.5e-3  # c\n") == "x = a . b + 1 # ;");
  CHECK(shape("x **= 0xFFe-1\n") == "x **= 1 - 1 ;");
  CHECK(shape("def f(a: int = 1, *b) -> c: ...\n") == "def f ( a : int = 1 , * b ) -> c : ... ;");
}

TEST_CASE("strings with every prefix and quote, their quotes and escapes inside") {
  CHECK(shape("x = 'a\\'b' + \"c'd\" + rb'\\\\' + u'' + B\"x\"\n") == "x = s + s + s + s + s ;");
  CHECK(shape("x = '''a\n'b' \"\"\" '' '''\ny\n") == "x = s ; y ;");
  CHECK(shape("rf = 1\n") == "rf = 1 ;");
}

TEST_CASE("names inside f-strings are seen, text is not") {
  CHECK(shape("f'a {b} c'\n") == "f b f ;");
  CHECK(shape("f'{{a}} {b!r:>{c}} d'\n") == "f b f c f f ;");
  CHECK(shape("f'{a[\"k\"]:{b}.{c}}' x\n") == "f a [ s ] f b f c f f x ;");
  CHECK(shape("f'{f'{a}'}' b\n") == "f f a f f b ;");
  CHECK(shape("f'{x:%H:%M}' y\n") == "f x f f y ;");
  CHECK(shape("f'{lambda_(a, b)}' c\n") == "f lambda_ ( a , b ) f c ;");
  CHECK(shape("rf'\\{a}' b\n") == "f a f b ;");
  CHECK(shape("f'\\N{DASH} {a}'\n") == "f a f ;");
  CHECK(shape("f'{a!=b}'\n") == "f a != b f ;");
}

TEST_CASE("logical lines join what brackets and backslashes join") {
  const Lexed lexed = lex("x = (1,\n     2)\ny = \\\n  3\n\n  # c\n\tif z:\n        pass\n");
  REQUIRE(lexed.lines.size() == 4);
  CHECK(lexed.lines[0].indent == 0);
  CHECK(lexed.lines[2].indent == 8);
  CHECK(lexed.lines[3].indent == 8);
  CHECK(lexed.tokens[lexed.lines[1].first].line == 3);
  CHECK_FALSE(lexed.broken);
}

TEST_CASE("a byte order mark, Windows line ends, and a missing last line end") {
  const Lexed lexed = lex("\xEF\xBB\xBFx = 1\r\ny = 2");
  REQUIRE(lexed.lines.size() == 2);
  CHECK(lexed.text(lexed.tokens[lexed.lines[0].first]) == "x");
  CHECK(lexed.tokens[lexed.lines[1].first].line == 2);
}

TEST_CASE("what is never closed is said and does not hang") {
  for (const char* text :
       {"x = (", "x = 'a", "x = '''a\n", "f'{", "f'{a", "f'{a:", "f'{a:{", "f'''{a\n", "f'{a}", "\\", "x = ]"}) {
    INFO(text);
    const Lexed lexed = lex(text);
    CHECK(lexed.tokens.size() < 20);
    if (std::string_view(text).find_first_of("('{") != std::string_view::npos) CHECK(lexed.broken);
  }
}

TEST_CASE("f-strings nested without end are read in linear time") {
  std::string text;
  for (int i = 0; i < 50000; ++i) text += "f'{";
  CHECK(lex(text).tokens.size() < 400000);
}

TEST_CASE("keywords and NFKC") {
  CHECK(is_keyword("lambda"));
  CHECK_FALSE(is_keyword("match"));
  CHECK(normal_name("os") == "os");
  CHECK(normal_name("\xF0\x9D\x95\xA0\xF0\x9D\x95\xA4") == "os");
  CHECK(normal_name("\xEF\xAC\x81") == "fi");
  CHECK(normal_name("\xFF") == "\xFF");
}

}  // namespace daydream::source::python
