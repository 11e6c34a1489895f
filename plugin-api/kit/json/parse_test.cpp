#include <catch2/catch.hpp>
#include <chrono>
#include <string>

#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"

using namespace daydream;
using json::Text;

namespace {

json::ParseOptions file(bool comments = false) {
  json::ParseOptions options;
  options.name = "a.json";
  options.comments = comments;
  return options;
}

std::string refusal(std::string_view bytes, bool comments = false) {
  auto text = Text::parse(bytes, file(comments));
  return text ? "accepted" : text.error().message();
}

std::string place(const json::Position& position) {
  return std::to_string(position.line) + ":" + std::to_string(position.column);
}

}  // namespace

TEST_CASE("every value and key has its place") {
  const auto text =
      Text::parse("{\n  \"steps\": [\n    {\"id\": \"a\", \"n\": -1.5e3},\n    [ true , null]\n  ]\n}", file());
  REQUIRE(text.ok());
  CHECK(place(text->position("")) == "1:1");
  CHECK(place(text->position("/steps")) == "2:12");
  CHECK(place(text->key_position("/steps")) == "2:3");
  CHECK(place(text->position("/steps/0")) == "3:5");
  CHECK(place(text->position("/steps/0/id")) == "3:12");
  CHECK(place(text->key_position("/steps/0/n")) == "3:17");
  CHECK(place(text->position("/steps/0/n")) == "3:22");
  CHECK(place(text->position("/steps/1/0")) == "4:7");
  CHECK(place(text->position("/steps/1/1")) == "4:14");
}

TEST_CASE("a pointer to what is not there has the place of its nearest ancestor") {
  const auto text = Text::parse("{\n \"a\": [1]}", file());
  REQUIRE(text.ok());
  CHECK(place(text->position("/a/7/x")) == "2:7");
  CHECK(place(text->position("/b")) == "1:1");
  CHECK(text->error_at("/a/0", "too small").message() == "a.json:2:8: a[0]: too small");
  CHECK(text->error_at("", "empty").message() == "a.json:1:1: (top level): empty");
  CHECK(text->error_at("/a", "x").kind() == ErrorKind::kInvalid);
}

TEST_CASE("places hold behind escapes, quotes, comments, CRLF and a byte order mark") {
  const auto text = Text::parse("\xEF\xBB\xBF{\"a\\\\\\\"b\\\\\": \"\\\\\\\\\",\r\n/* \" */ \"c\":/*x*/1}", file(true));
  REQUIRE(text.ok());
  CHECK(place(text->position("/a\\\"b\\")) == "1:17");
  CHECK(place(text->key_position("/a\\\"b\\")) == "1:5");
  CHECK(place(text->key_position("/c")) == "2:9");
  CHECK(place(text->position("/c")) == "2:18");
  CHECK(text->root()["c"].GetInt() == 1);
}

TEST_CASE("keys with '/', '~' and odd names are found, and shown to people") {
  const auto text = Text::parse(R"({"a/b": {"~": 1, "": 2, "0": 3}})", file());
  REQUIRE(text.ok());
  CHECK(place(text->position("/a~1b/~0")) == "1:15");
  CHECK(place(text->position("/a~1b/")) == "1:22");
  CHECK(place(text->position("/a~1b/0")) == "1:30");
  CHECK(json::pointer_part("a/~b") == "a~1~0b");
  CHECK(json::readable_pointer("/steps/2/plugin") == "steps[2].plugin");
  CHECK(json::readable_pointer("/a.b/c") == "[\"a.b\"].c");
  CHECK(json::readable_pointer("") == "(top level)");
}

TEST_CASE("a duplicate key is refused with both places, at any depth") {
  CHECK(refusal("{\n \"a\": 1,\n \"a\": 2}") == "a.json:3:2: duplicate key \"a\"; first at 2:2");
  CHECK(refusal(R"({"x": [{"k": {"q": 1, "r": 2, "q": 3}}]})") == "a.json:1:31: duplicate key \"q\"; first at 1:15");
  CHECK(refusal(R"({"a": 1, "\u0061": 2})") == "a.json:1:10: duplicate key \"a\"; first at 1:2");
  CHECK(refusal(R"({"a": {"a": 1}, "b": {"a": 1}})") == "accepted");
  CHECK(refusal(R"({"a\u0000b": 1, "a\u0000c": 2})") == "accepted");
}

TEST_CASE("what is not JSON is refused where it goes wrong") {
  CHECK(refusal("") == "a.json:1:1: the text is empty; expected a JSON value");
  CHECK(refusal("{\"a\": 1,}") == "a.json:1:9: expected a key in double quotes (no comma before a closing brace)");
  CHECK(refusal("[1 2]") == "a.json:1:4: expected ',' or ']' after an element");
  CHECK(refusal("[1,]").starts_with("a.json:1:4: expected a value"));
  CHECK(refusal("{\"a\" 1}") == "a.json:1:6: expected ':' after the key");
  CHECK(refusal("1 2") == "a.json:1:3: more text after the end of the JSON value");
  CHECK(refusal("{\"a\": \"x").find("no closing quote") != std::string::npos);
  CHECK(refusal("[\n1").starts_with("a.json:2:2: the text ends too early"));
  CHECK(refusal("NaN").starts_with("a.json:1:1: expected a value"));
  CHECK(refusal("'a'").starts_with("a.json:1:1: expected a value"));
  CHECK(refusal("[01]").starts_with("a.json:1:3: "));
}

TEST_CASE("comments are allowed only where asked for") {
  CHECK(refusal("// x\n{\"a\": /* y */ 1} // z", true) == "accepted");
  CHECK(refusal("{\"a\": 1} // z") == "a.json:1:10: comments are not allowed here");
  CHECK(refusal("[1, /* never closed", true).starts_with("a.json:1:"));
  CHECK(refusal("[1,] // no trailing comma either", true).starts_with("a.json:1:4: expected a value"));
}

TEST_CASE("hostile nesting is refused at the cap, in no time") {
  const std::string deep(1 << 20, '[');
  CHECK(refusal(deep) == "a.json:1:65: nested deeper than 64 levels");
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  CHECK(refusal(objects).find("nested deeper than 64 levels") != std::string::npos);
  CHECK(refusal(std::string(64, '[') + std::string(64, ']')) == "accepted");
}

TEST_CASE("text that is no UTF-8 is refused, as are half surrogate pairs") {
  CHECK(refusal("[\"a\xff\"]") == "a.json:1:4: not valid UTF-8");
  CHECK(refusal("[\"\xc0\xaf\"]") == "a.json:1:3: not valid UTF-8");          // overlong
  CHECK(refusal("[\"\xed\xa0\x80\"]") == "a.json:1:3: not valid UTF-8");      // a surrogate
  CHECK(refusal("[\"\xf4\x90\x80\x80\"]") == "a.json:1:3: not valid UTF-8");  // beyond U+10FFFF
  CHECK(refusal("// \xff\n1", true) == "a.json:1:4: not valid UTF-8");
  CHECK(refusal(R"(["\ud800"])").find("half a surrogate pair") != std::string::npos);
  CHECK(refusal(R"(["\udc00"])").find("half a surrogate pair") != std::string::npos);
  CHECK(refusal(R"({"\udfff": 1})").find("half a surrogate pair") != std::string::npos);
  CHECK(refusal(R"(["\ud83d\ude00"])") == "accepted");
}

TEST_CASE("NUL bytes and control characters do not hide what follows") {
  using namespace std::string_literals;
  CHECK(refusal("1\0 2"s) == "a.json:1:2: a NUL byte");
  CHECK(refusal("{}\0"s) == "a.json:1:3: a NUL byte");
  CHECK(refusal("[\"a\0b\"]"s) != "accepted");
  CHECK(refusal("[\"a\nb\"]").find("control character") != std::string::npos);
  auto text = Text::parse(R"(["a\u0000b"])", file());
  REQUIRE(text.ok());
  CHECK(json::string_of(text->root()[0]) == "a\0b"s);
}

TEST_CASE("huge numbers are refused or exact, and cost no time") {
  CHECK(refusal("1e999") != "accepted");
  CHECK(refusal("-1e99999999999999999999") != "accepted");
  CHECK(refusal(std::string(400'000, '9')) != "accepted");
  CHECK(refusal("0." + std::string(400'000, '3')) == "accepted");
  CHECK(refusal("[1, -2e308]") == "a.json:1:5: the number is too big");
  CHECK(refusal("1" + std::string(250, '0') + "e-100") == "accepted");
  CHECK(refusal("1" + std::string(1'000, '0') + "e-10") != "accepted");
  const auto odd = Text::parse("[0e90, -0, 0.0, 1e-99999999999999999999, 1E2, 9223372036854775808]", file());
  REQUIRE(odd.ok());
  CHECK(odd->root()[0].GetDouble() == 0.0);
  CHECK(odd->root()[1].GetInt() == 0);
  CHECK(odd->root()[2].IsDouble());
  CHECK(odd->root()[3].GetDouble() == 0.0);
  CHECK(odd->root()[4].GetDouble() == 100.0);
  CHECK(odd->root()[5].GetUint64() == 9223372036854775808ULL);
  const auto text = Text::parse("[18446744073709551615, -9223372036854775808, 0.1, 1e-400]", file());
  REQUIRE(text.ok());
  CHECK(text->root()[0].GetUint64() == 18446744073709551615ULL);
  CHECK(text->root()[1].GetInt64() == INT64_MIN);
  CHECK(text->root()[2].GetDouble() == 0.1);
}

TEST_CASE("a text larger than its cap is refused before it is read") {
  json::ParseOptions options = file();
  options.max_bytes = 4;
  CHECK(Text::parse("[1]", options).ok());
  CHECK(Text::parse("[1,2]", options).error().message() == "a.json: larger than 4 bytes");
}

TEST_CASE("a million keys or escaped quotes are read in linear time") {
  std::string keys = "{";
  for (int i = 0; i < 200'000; ++i) keys += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":" + "\"\\\"\\\\\"";
  keys += "}";
  const auto start = std::chrono::steady_clock::now();
  CHECK(refusal(keys) == "accepted");
  std::string quotes = "\"";
  for (int i = 0; i < 500'000; ++i) quotes += "\\\"";
  CHECK(refusal(quotes + "\"") == "accepted");
  CHECK(refusal("\"" + std::string(1'000'000, '\\') + "\"") == "accepted");
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));  // quadratic would be hours
}

TEST_CASE("without positions a text is read the same, and has no places") {
  json::ParseOptions options = file();
  options.positions = false;
  const auto text = Text::parse("{\"a\": [1, 2]}", options);
  REQUIRE(text.ok());
  CHECK(text->position("/a").line == 0);
  CHECK(text->error_at("/a", "x").message() == "a.json: a: x");
  CHECK(Text::parse("{\"a\": 1, \"a\": 2}", options).error().message().find("duplicate key") != std::string::npos);
}
