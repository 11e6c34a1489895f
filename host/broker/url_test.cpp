#include "broker/url.hpp"

#include <catch2/catch.hpp>

using namespace daydream::broker;

namespace {

std::string canonical(const std::string& text) {
  auto url = parse_url(text);
  return url ? url->to_string() : "error: " + url.error().message();
}

std::string resolved(const std::string& base, const std::string& reference) {
  auto url = resolve_url(*parse_url(base), reference);
  return url ? url->to_string() : "error";
}

}  // namespace

TEST_CASE("a URL has one canonical form, and only that is used") {
  CHECK(canonical("HTTP://Example.COM") == "http://example.com/");
  CHECK(canonical("http://example.com:80/a") == "http://example.com/a");
  CHECK(canonical("https://example.com:8443?x=1#frag") == "https://example.com:8443/?x=1");
  CHECK(canonical("https://example.com/a/../b/./c/..") == "https://example.com/b/");
  CHECK(canonical("https://example.com/../../x") == "https://example.com/x");
  CHECK(canonical("https://example.com/a//b") == "https://example.com/a//b");
  CHECK(canonical("https://example.com/\"<x>`{y}|^") == "https://example.com/%22%3Cx%3E%60%7By%7D%7C%5E");
  CHECK(canonical("https://example.com/%41?q=%zz") == "https://example.com/%41?q=%zz");
  CHECK(canonical("https://example.com/\xC3\xBC?\xC3\xBC") == "https://example.com/%C3%BC?%C3%BC");
  CHECK(canonical("http://[2001:DB8:0::1]:8080/") == "http://[2001:db8::1]:8080/");
  CHECK(canonical("https://example.com/" + std::string(9000, 'a')).rfind("error", 0) == 0);
  CHECK(canonical("https://" + std::string(64, 'a') + ".com/").rfind("error", 0) == 0);
}

TEST_CASE("a name that is not ASCII is what libcurl makes of it, and judged then") {
  const auto made = [](const std::string& result) { return [result](const std::string& /*host*/) { return result; }; };
  CHECK(parse_url("http://b\xC3\xBC.example/", made("xn--b-xga.example"))->host == "xn--b-xga.example");
  CHECK_FALSE(parse_url("http://b\xC3\xBC.example/", made("")).ok());
  CHECK_FALSE(parse_url("http://b\xC3\xBC.example/", made("a b")).ok());
  auto digits = parse_url("http://\xEF\xBC\x91.0.0.1/", made("127.0.0.1"));
  REQUIRE(digits.ok());
  CHECK(digits->literal);
}

TEST_CASE("a Location is resolved as RFC 3986 says") {
  const std::string base = "http://a.example/b/c/d;p?q";
  CHECK(resolved(base, "g") == "http://a.example/b/c/g");
  CHECK(resolved(base, "./g") == "http://a.example/b/c/g");
  CHECK(resolved(base, "g/") == "http://a.example/b/c/g/");
  CHECK(resolved(base, "/g") == "http://a.example/g");
  CHECK(resolved(base, "//g.example") == "http://g.example/");
  CHECK(resolved(base, "?y") == "http://a.example/b/c/d;p?y");
  CHECK(resolved(base, "g?y") == "http://a.example/b/c/g?y");
  CHECK(resolved(base, "#s") == "http://a.example/b/c/d;p?q");
  CHECK(resolved(base, "") == "http://a.example/b/c/d;p?q");
  CHECK(resolved(base, "..") == "http://a.example/b/");
  CHECK(resolved(base, "../..") == "http://a.example/");
  CHECK(resolved(base, "../../../g") == "http://a.example/g");
  CHECK(resolved(base, "https://x.example/y") == "https://x.example/y");
  CHECK(resolved(base, "file:///etc/passwd") == "error");
  CHECK(resolved(base, "javascript:alert(1)") == "error");
  CHECK(resolved(base, "//user@g.example/") == "error");
  CHECK(resolved(base, "/a b") == "error");
  CHECK(resolved(base, "\\\\evil.example\\x") == "error");
}
