#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <string>

#include "daydream/kit/json.hpp"

using namespace daydream;

TEST_CASE("durations are read in every unit, and nothing else is") {
  CHECK(*json::parse_duration_ms("250ms") == 250);
  CHECK(*json::parse_duration_ms("90s") == 90'000);
  CHECK(*json::parse_duration_ms("20m") == 1'200'000);
  CHECK(*json::parse_duration_ms("3h") == 10'800'000);
  CHECK(*json::parse_duration_ms("1d") == 86'400'000);
  CHECK(*json::parse_duration_ms("1w") == 604'800'000);
  CHECK(*json::parse_duration_ms("0s") == 0);
  for (const char* wrong : {"", "5", "-5s", "1.5h", "5 minutes", "s", " 5s", "5s ", "99999999999999999999s", "5S"})
    CHECK_FALSE(json::parse_duration_ms(wrong).ok());
  CHECK_FALSE(json::parse_duration_ms("9223372036854775807w").ok());
}

TEST_CASE("sizes are read in decimal and binary units") {
  CHECK(*json::parse_size("512") == 512);
  CHECK(*json::parse_size("64KiB") == 65'536);
  CHECK(*json::parse_size("2GB") == 2'000'000'000);
  CHECK(*json::parse_size("2 GiB") == 2'147'483'648);
  for (const char* wrong : {"", "-1", "64 megs", "MiB", "1e3", "64mib", "99999999999TiB"})
    CHECK_FALSE(json::parse_size(wrong).ok());
}

TEST_CASE("a member of another type counts as absent") {
  auto text = json::Text::parse(R"({"s": "x", "n": 7, "d": 1.5, "b": true, "l": ["a", 1, "b"]})", {});
  REQUIRE(text.ok());
  const json::Value& root = text->root();
  CHECK(json::get_string(root, "s") == "x");
  CHECK(json::get_string(root, "n", "other") == "other");
  CHECK(json::get_int(root, "n") == 7);
  CHECK(json::get_int(root, "d", 3) == 3);
  CHECK(json::get_double(root, "n") == 7.0);
  CHECK(json::get_bool(root, "b"));
  CHECK_FALSE(json::get_bool(root, "s"));
  CHECK(json::get_strings(root, "l") == std::vector<std::string>{"a", "b"});
  CHECK(json::find(root, "nothing") == nullptr);
  CHECK(json::find(root["l"], "a") == nullptr);
}

TEST_CASE("what is written is read back the same") {
  const std::string text = R"({"a":[1,-2,18446744073709551615,0.1,1e300],"b":{"c":null,"d":true},"e":"ä\n\u0001\""})";
  auto first = json::Text::parse(text, {});
  REQUIRE(first.ok());
  const std::string written = json::write(first->root());
  auto second = json::Text::parse(written, {});
  REQUIRE(second.ok());
  CHECK(second->root() == first->root());
  CHECK(json::write(second->root()) == written);
  auto pretty = json::Text::parse(json::write_pretty(first->root()), {});
  REQUIRE(pretty.ok());
  CHECK(pretty->root() == first->root());
  CHECK(json::write_pretty(second->root()["b"]) == "{\n  \"c\": null,\n  \"d\": true\n}");
}

TEST_CASE("invalid bytes become U+FFFD in what is written, NaN becomes null") {
  json::Writer writer;
  writer.begin_object()
      .field("a\xff", std::string("b\xc0\xafz"))
      .field("nan", std::nan(""))
      .field("infinite", std::numeric_limits<double>::infinity())
      .end_object();
  const std::string text = writer.take();
  CHECK(text == "{\"a\xEF\xBF\xBD\":\"b\xEF\xBF\xBD\xEF\xBF\xBDz\",\"nan\":null,\"infinite\":null}");
  CHECK(json::Text::parse(text, {}).ok());
}

TEST_CASE("the writer builds any shape, and is empty after take()") {
  json::Writer writer;
  writer.begin_array().value(1).value(std::uint64_t{18446744073709551615ULL}).value("x").value(true).null();
  writer.raw("{\"r\":1}").begin_object().key("k").value(std::int64_t{-5}).end_object().end_array();
  CHECK(writer.take() == R"([1,18446744073709551615,"x",true,null,{"r":1},{"k":-5}])");
  writer.value("again");
  CHECK(writer.take() == "\"again\"");
  json::Writer pretty(true);
  pretty.begin_object().field("a", 1).end_object();
  CHECK(pretty.take() == "{\n  \"a\": 1\n}");
}

TEST_CASE("a moved writer goes on where it was") {
  json::Writer first;
  first.begin_array().value(1);
  json::Writer second = std::move(first);
  second.value(2).end_array();
  CHECK(second.take() == "[1,2]");
}
