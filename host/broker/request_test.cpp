#include "broker/request.hpp"

#include <catch2/catch.hpp>

using namespace daydream::broker;

namespace {

std::string problem(const std::string& json, bool has_body = false) {
  auto request = parse_request(json, has_body);
  return request ? "" : request.error().message();
}

bool says(const std::string& json, const std::string& words) {
  INFO(problem(json));
  return problem(json).find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("a request needs a URL and nothing else") {
  auto request = parse_request(R"({"url": "https://sentry.io/x"})", false);
  REQUIRE(request.ok());
  CHECK(request->method == "GET");
  CHECK(request->timeout == milliseconds(30'000));
  CHECK(request->max_bytes == 16U << 20U);
  CHECK(request->attempts == 4);
  CHECK(request->redirects == 5);
  CHECK(request->rate_per_second == 10);
  CHECK(request->concurrency == 4);
  auto full = parse_request(
      R"({"method":"PUT","url":"https://sentry.io/api","headers":{"Accept":"a","Authorization":"Bearer ${T}"},
          "timeout_ms":1000,"max_bytes":10,"attempts":1,"redirects":0,"rate_per_second":0.5,"concurrency":1})",
      true);
  REQUIRE(full.ok());
  CHECK(full->headers.size() == 2);
  CHECK(full->rate_per_second == 0.5);
  CHECK(full->idempotent());
}

TEST_CASE("a wrong request is told what is wrong with it") {
  CHECK(says("", "request"));
  CHECK(says("[]", "expected a JSON object"));
  CHECK(says("{", "request"));
  CHECK(says("{}", "\"url\" is missing"));
  CHECK(says(R"({"url": 5})", "\"url\" is missing"));
  CHECK(says(R"({"url": "ftp://x/"})", "does not begin with http"));
  CHECK(says(R"({"url": "https://x.y/", "url": "https://z.y/"})", "url"));
  CHECK(says(R"({"url": "https://x.y/", "header": {}})", "did you mean \"headers\"?"));
  CHECK(says(R"({"url": "https://x.y/", "method": "get"})", "in capitals"));
  CHECK(says(R"({"url": "https://x.y/", "method": "CONNECT"})", "expected GET"));
  CHECK(says(R"({"url": "https://x.y/", "method": "GET\r\nX: y"})", "expected GET"));
  CHECK(says(R"({"url": "https://x.y/", "timeout_ms": 0})", "from 1 to 600000"));
  CHECK(says(R"({"url": "https://x.y/", "timeout_ms": "5"})", "whole number"));
  CHECK(says(R"({"url": "https://x.y/", "attempts": 1.5})", "whole number"));
  CHECK(says(R"({"url": "https://x.y/", "concurrency": 65})", "from 1 to 64"));
  CHECK(says(R"({"url": "https://x.y/", "rate_per_second": -1})", "0 (no limit)"));
  CHECK(says(R"({"url": "https://x.y/", "max_bytes": 99999999999})", "max_bytes"));
  CHECK(problem(R"({"url": "https://x.y/"})", true).find("has no body") != std::string::npos);
}

TEST_CASE("headers that frame the message, or speak for the host, are refused") {
  for (const char* name : {"Host", "content-length", "Transfer-Encoding", "Connection", "User-Agent", "Cookie",
                           "Proxy-Authorization", "Upgrade", "TE", "Expect", "Accept-Encoding"}) {
    INFO(name);
    CHECK(says(std::string(R"({"url": "https://x.y/", "headers": {")") + name + R"(": "v"}})", "by the host alone"));
  }
  CHECK(says(R"({"url": "https://x.y/", "headers": {"X:Y": "v"}})", "no name of a header"));
  CHECK(says(R"({"url": "https://x.y/", "headers": {"": "v"}})", "no name of a header"));
  CHECK(says(R"({"url": "https://x.y/", "headers": {"X": "a\r\nY: b"}})", "control characters"));
  CHECK(says(R"({"url": "https://x.y/", "headers": {"X": "a\u0000"}})", "control characters"));
  CHECK(says(R"({"url": "https://x.y/", "headers": {"X": 5}})", "expected a string"));
  CHECK(says(R"({"url": "https://x.y/", "headers": {"X": "a", "x": "b"}})", "stands twice"));
  CHECK(says(R"({"url": "https://x.y/", "headers": []})", "expected an object"));
}
