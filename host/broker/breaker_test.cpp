#include "broker/breaker.hpp"

#include <atomic>

#include "broker/engine_for_tests.hpp"

using namespace daydream;
using namespace daydream::broker;

namespace {

// Answers 503 while `down`, 404 to /missing, else 200.
HttpServer::Script server_that(const std::atomic<bool>& down) {
  return [&down](const HttpAsked& asked) {
    if (asked.target == "/missing") return saying(404, "not here");
    return down ? saying(503, "in trouble") : saying(200, "well");
  };
}

const std::string kOnce = R"("attempts": 1)";

}  // namespace

TEST_CASE("a host is left alone after so many failures in a row, another one is not") {
  Breaker breaker;
  for (int i = 1; i < Breaker::kMostInRow; ++i) CHECK_FALSE(breaker.failed("a", "status 503"));
  CHECK(breaker.left_alone("a") == nullptr);
  CHECK(breaker.failed("a", "status 502"));
  REQUIRE(breaker.left_alone("a") != nullptr);
  CHECK(*breaker.left_alone("a") ==
        "a is left alone for the rest of this run: 5 requests in a row failed, the last with status 502");
  CHECK(breaker.left_alone("b") == nullptr);
  // Said once, and what was still on its way when it opened changes nothing.
  CHECK_FALSE(breaker.failed("a", "timeout"));
  breaker.worked("a");
  CHECK(breaker.left_alone("a")->find("status 502") != std::string::npos);
}

TEST_CASE("one answer among the failures begins the count anew") {
  Breaker breaker;
  for (int round = 0; round < 10; ++round) {
    for (int i = 1; i < Breaker::kMostInRow; ++i) breaker.failed("a", "timeout");
    breaker.worked("a");
  }
  CHECK(breaker.left_alone("a") == nullptr);
}

TEST_CASE("a server that fails again and again is asked no more, others go on", "[broker]") {
  std::atomic<bool> down = true, well = false;
  HttpServer failing(server_that(down)), working(server_that(well));
  Bench bench({failing.authority(), working.authority()});
  for (int i = 0; i < Breaker::kMostInRow; ++i) CHECK(bench.ask(request(failing.url(), kOnce)).status() == 503);
  const Got refused = bench.ask(request(failing.url(), kOnce));
  CHECK(refused.error() == "host_failing");
  CHECK(refused.message() == failing.authority() +
                                 " is left alone for the rest of this run: 5 requests in a row failed, the last with "
                                 "status 503");
  CHECK(refused.attempts() == 0);
  CHECK_FALSE(refused.sent);
  CHECK(bench.ask(request(working.url(), kOnce)).status() == 200);
  SECTION("also when it is well again, and for the steps that come after") {
    down = false;
    bench.engine().set_policy({{failing.authority()}, {}});
    CHECK(bench.ask(request(failing.url(), kOnce)).error() == "host_failing");
  }
  CHECK(failing.asked().size() == static_cast<std::size_t>(Breaker::kMostInRow));
  CHECK(bench.engine().take_notice() == refused.message());
  CHECK_FALSE(bench.engine().take_notice());
}

TEST_CASE("tries of one request are one failure, and what waits for the host is answered at once", "[broker]") {
  std::atomic<bool> down = true;
  HttpServer server(server_that(down));
  Bench bench({server.authority()});
  constexpr int kAsked = 40;
  for (int i = 0; i < kAsked; ++i) bench.submit(request(server.url(), R"("attempts": 3, "concurrency": 1)"));
  int answered = 0, refused = 0;
  for (int i = 0; i < kAsked; ++i) {
    const Got got = bench.next();
    answered += got.status() == 503 ? 1 : 0;
    refused += got.error() == "host_failing" ? 1 : 0;
  }
  CHECK(answered == Breaker::kMostInRow);
  CHECK(refused == kAsked - Breaker::kMostInRow);
  CHECK(server.asked().size() < static_cast<std::size_t>(kAsked) * 3);
  CHECK(bench.engine().idle());
}

TEST_CASE("answers of a working server, refusals of it too, are no failures", "[broker]") {
  std::atomic<bool> down = false;
  HttpServer server(server_that(down));
  Bench bench({server.authority()});
  for (int i = 0; i < 2 * Breaker::kMostInRow; ++i) CHECK(bench.ask(request(server.url("/missing"))).status() == 404);
  // Many servers answer HEAD with 5xx and GET as they should.
  down = true;
  for (int i = 0; i < 2 * Breaker::kMostInRow; ++i)
    CHECK(bench.ask(request(server.url(), R"("method": "HEAD", "attempts": 1)")).status() == 503);
  for (int i = 1; i < Breaker::kMostInRow; ++i) bench.ask(request(server.url(), kOnce));
  down = false;
  CHECK(bench.ask(request(server.url(), kOnce)).status() == 200);
  down = true;
  for (int i = 1; i < Breaker::kMostInRow; ++i) CHECK(bench.ask(request(server.url(), kOnce)).status() == 503);
}

TEST_CASE("a server that asks for patience is heard, not given up", "[broker]") {
  HttpServer server([](const HttpAsked&) {
    HttpSays says = saying(429);
    says.headers = {{"Retry-After", "0"}};
    return says;
  });
  Bench bench({server.authority()});
  for (int i = 0; i < 2 * Breaker::kMostInRow; ++i) CHECK(bench.ask(request(server.url(), kOnce)).status() == 429);
}

TEST_CASE("a port where nobody listens, and a redirect to it, count for that host alone", "[broker]") {
  int closed = 0;
  {
    HttpServer gone([](const HttpAsked&) { return saying(200); });
    closed = gone.port();
  }
  const std::string authority = "127.0.0.1:" + std::to_string(closed);
  HttpServer server([&](const HttpAsked& asked) {
    if (asked.target == "/here") return saying(200, "here");
    HttpSays says = saying(302);
    says.headers = {{"Location", "http://" + authority + "/"}};
    return says;
  });
  Bench bench({server.authority(), authority});
  for (int i = 0; i < Breaker::kMostInRow; ++i)
    CHECK(bench.ask(request(server.url("/away"), kOnce)).error() == "connect");
  CHECK(bench.ask(request("http://" + authority + "/", kOnce)).error() == "host_failing");
  CHECK(bench.ask(request(server.url("/away"), kOnce)).error() == "host_failing");
  CHECK(bench.ask(request(server.url("/here"), kOnce)).body == "here");
}
