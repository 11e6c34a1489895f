#include "broker/pace.hpp"

#include <catch2/catch.hpp>

#include "broker/scrubber.hpp"

using namespace daydream::broker;

TEST_CASE("requests to one host keep their distance, and their number") {
  Request request;
  request.rate_per_second = 10;
  request.concurrency = 2;
  Pace pace;
  const TimePoint start{std::chrono::hours(1)};
  CHECK(pace.next(request) <= start);
  pace.started(start, request);
  CHECK(pace.next(request) == start + milliseconds(100));
  pace.started(start + milliseconds(250), request);
  CHECK(pace.next(request) == TimePoint::max());
  pace.ended();
  CHECK(pace.next(request) == start + milliseconds(350));
  pace.hold(start + milliseconds(900));
  CHECK(pace.next(request) == start + milliseconds(900));
  request.rate_per_second = 0;
  CHECK(pace.next(request) == start + milliseconds(900));
}

TEST_CASE("dates of HTTP are read, others are not") {
  CHECK(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT") == 784111777);
  CHECK(parse_http_date("Thu, 01 Jan 1970 00:00:00 GMT") == 0);
  for (const char* wrong :
       {"", "soon", "Sun, 06 Nov 1994 08:49:37", "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT",
        "Sun, 06 Foo 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1994 8:49:37 GMT"})
    CHECK_FALSE(parse_http_date(wrong).has_value());
}

TEST_CASE("the server says when to come again, in its own time") {
  const std::int64_t ours = 784111777 + 5000;  // our clock is wrong by more than an hour
  const std::string date = "Sun, 06 Nov 1994 08:49:37 GMT";
  const auto wait = [&](int status, const Headers& headers) { return wanted_wait(status, headers, ours); };
  CHECK(wait(429, {{"retry-after", "7"}}) == milliseconds(7000));
  CHECK(wait(503, {{"retry-after", "Sun, 06 Nov 1994 08:49:47 GMT"}, {"date", date}}) == milliseconds(10'000));
  CHECK(wait(429, {{"x-sentry-rate-limit-reset", "784111780"}, {"date", date}}) == milliseconds(3000));
  CHECK(wait(429, {{"x-sentry-rate-limit-reset", "784111780"}}) == milliseconds(0));
  CHECK(wait(429, {{"retry-after", "9"}, {"x-sentry-rate-limit-reset", "784111780"}, {"date", date}}) ==
        milliseconds(9000));
  CHECK(wait(200,
             {{"x-sentry-rate-limit-remaining", "0"}, {"x-sentry-rate-limit-reset", "784111779.5"}, {"date", date}}) ==
        milliseconds(2000));
  CHECK_FALSE(wait(200, {{"x-sentry-rate-limit-remaining", "3"}, {"x-sentry-rate-limit-reset", "784111779"}}));
  CHECK_FALSE(wait(200, {{"retry-after", "7"}}));
  CHECK_FALSE(wait(429, {}));
  CHECK_FALSE(wait(429, {{"retry-after", "-5"}}));
  CHECK_FALSE(wait(429, {{"retry-after", "1e9"}}));
  CHECK(wait(429, {{"retry-after", "99999999999"}}) == milliseconds(86'400'000));
}

TEST_CASE("waiting grows, with a limit") {
  CHECK(back_off(milliseconds(500), 1, 1) == milliseconds(500));
  CHECK(back_off(milliseconds(500), 1, 0) == milliseconds(250));
  CHECK(back_off(milliseconds(500), 3, 1) == milliseconds(2000));
  CHECK(back_off(milliseconds(500), 30, 1) == kLongestWait);
}

TEST_CASE("a secret is taken out in every form that a server may give it back in") {
  Scrubber scrubber;
  scrubber.add("s3cr/t +\"v\xC3\xA4lue");
  auto clean = [&](std::string text) {
    scrubber.scrub(text);
    return text;
  };
  CHECK(clean("a s3cr/t +\"v\xC3\xA4lue b") == "a [masked] b");
  CHECK(clean("q=s3cr%2Ft%20%2B%22v%C3%A4lue&") == "q=[masked]&");
  CHECK(clean("q=s3cr%2ft%20%2b%22v%c3%a4lue&") == "q=[masked]&");
  CHECK(clean(R"({"t":"s3cr/t +\")"
              "v\xC3\xA4lue\"}") == R"({"t":"[masked]"})");
  CHECK(clean("733363722f74202b2276c3a46c7565") == "[masked]");
  // base64 of "s3cr/t +\"välue", of "user:" before it, and of one byte more before it
  for (const char* coded : {"czNjci90ICsidsOkbHVl", "dXNlcjpzM2NyL3QgKyJ2w6RsdWU=", "dXNlcnM6czNjci90ICsidsOkbHVl"}) {
    INFO(coded);
    CHECK(clean(coded).find("[masked]") != std::string::npos);
  }
  CHECK(clean("nothing of it: s3cr") == "nothing of it: s3cr");
  CHECK(clean(std::string("\0binary\xFF", 8)) == std::string("\0binary\xFF", 8));
}
