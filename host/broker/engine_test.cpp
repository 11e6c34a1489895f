// Each fault that a server can have, from a real one on loopback.
#include "broker/engine_for_tests.hpp"

using namespace daydream::broker;

TEST_CASE("an answer comes back whole: status, joined headers, body, attempts", "[broker]") {
  HttpServer server([](const HttpAsked& asked) {
    HttpSays says = saying(201, asked.method + " " + asked.target + " " + asked.body);
    says.headers = {{"X-One", "a"}, {"x-one", "b"}, {"Set-Cookie", "id=1"}};
    return says;
  });
  Bench bench({server.authority()});
  const Got got = bench.ask(request(server.url("/p?q=1"), R"("method": "POST", "headers": {"X-Mine": "v"})"), "data");
  CHECK(got.status() == 201);
  CHECK(got.body == "POST /p?q=1 data");
  CHECK(got.header("x-one") == "a, b");
  CHECK(got.header("set-cookie").empty());
  CHECK(got.url() == server.url("/p?q=1"));
  CHECK(got.attempts() == 1);
  REQUIRE(server.asked().size() == 1);
  const auto headers = server.asked()[0].headers;
  CHECK(headers.at("x-mine") == "v");
  CHECK(headers.count("content-type") == 0);
  CHECK(headers.count("cookie") == 0);
  CHECK(headers.at("host") == server.authority());
}

TEST_CASE("every method arrives as itself", "[broker]") {
  HttpServer server([](const HttpAsked& asked) { return saying(200, asked.method); });
  Bench bench({server.authority()});
  for (const char* method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
    const Got got = bench.ask(request(server.url(), std::string(R"("method": ")") + method + '"'));
    CHECK(got.status() == 200);
    CHECK(server.asked().back().method == method);
  }
  CHECK(server.connections() == 1);  // kept alive
}

TEST_CASE("statuses that pass are asked again, then given back as they are", "[broker]") {
  for (const int status : {429, 500, 502, 503, 504}) {
    HttpServer server([&](const HttpAsked& asked) { return asked.number < 3 ? saying(status) : saying(200, "well"); });
    Bench bench({server.authority()});
    const Got got = bench.ask(request(server.url()));
    INFO(status);
    CHECK(got.status() == 200);
    CHECK(got.attempts() == 3);
    CHECK(got.body == "well");
  }
  HttpServer server([](const HttpAsked&) { return saying(503, "<html>down</html>"); });
  Bench bench({server.authority()});
  const Got got = bench.ask(request(server.url(), R"("attempts": 2)"));
  CHECK(got.status() == 503);
  CHECK(got.body == "<html>down</html>");
  CHECK(server.asked().size() == 2);
}

TEST_CASE("statuses that stay are not asked again, nor is what must not be sent twice", "[broker]") {
  for (const int status : {200, 204, 301, 400, 401, 403, 404, 413, 414, 501}) {
    HttpServer server([&](const HttpAsked&) { return saying(status); });
    Bench bench({server.authority()});
    INFO(status);
    CHECK(bench.ask(request(server.url())).status() == status);
    CHECK(server.asked().size() == 1);
  }
  for (const char* method : {"POST", "PATCH"}) {
    HttpServer server([](const HttpAsked&) { return saying(503); });
    Bench bench({server.authority()});
    CHECK(bench.ask(request(server.url(), std::string(R"("method": ")") + method + '"'), "x").status() == 503);
    CHECK(server.asked().size() == 1);
  }
}

TEST_CASE("a server is not asked again before it said", "[broker]") {
  HttpServer server([](const HttpAsked& asked) {
    HttpSays says = saying(asked.number == 1 ? 429 : 200);
    if (asked.number == 1) says.headers = {{"Retry-After", "1"}};
    return says;
  });
  Bench bench({server.authority()});
  const auto begun = SteadyClock::now();
  CHECK(bench.ask(request(server.url())).status() == 200);
  CHECK(SteadyClock::now() - begun >= milliseconds(990));
}

TEST_CASE("a server that wants a longer rest than a step has is taken at its word", "[broker]") {
  HttpServer server([](const HttpAsked&) {
    HttpSays says = saying(429);
    says.headers = {{"Retry-After", "3600"}};
    return says;
  });
  Bench bench({server.authority()});
  const Got got = bench.ask(request(server.url()));
  CHECK(got.status() == 429);
  CHECK(got.header("retry-after") == "3600");
  CHECK(server.asked().size() == 1);
}

TEST_CASE("cut, refused and silent connections are errors in words, after as many tries as asked for", "[broker]") {
  SECTION("the body is cut") {
    HttpServer server([](const HttpAsked&) {
      HttpSays says = saying(200, std::string(5000, 'x'));
      says.cut_after = 700;
      return says;
    });
    Bench bench({server.authority()});
    const Got got = bench.ask(request(server.url(), R"("attempts": 3)"));
    CHECK(got.error() == "connect");
    CHECK(got.attempts() == 3);
    CHECK(got.sent);
    CHECK(server.asked().size() == 3);
  }
  SECTION("cut once, whole the second time") {
    HttpServer server([](const HttpAsked& asked) {
      HttpSays says = saying(200, std::string(5000, 'x'));
      if (asked.number == 1) says.cut_after = 700;
      return says;
    });
    Bench bench({server.authority()});
    const Got got = bench.ask(request(server.url()));
    CHECK(got.status() == 200);
    CHECK(got.body.size() == 5000);
  }
  SECTION("nothing comes before the end") {
    HttpServer server([](const HttpAsked&) {
      HttpSays says = saying(200);
      says.cut_after = 0;
      return says;
    });
    Bench bench({server.authority()});
    CHECK(bench.ask(request(server.url(), R"("attempts": 1)")).error() == "connect");
  }
  SECTION("nobody listens") {
    std::string authority;
    {
      authority = HttpServer([](const HttpAsked&) { return saying(200); }).authority();
    }
    Bench bench({authority});
    const Got got = bench.ask(request("http://" + authority + "/", R"("attempts": 2)"));
    CHECK(got.error() == "connect");
    CHECK(got.attempts() == 2);
    CHECK_FALSE(got.sent);
  }
  SECTION("a chunk is cut") {
    HttpServer server([](const HttpAsked&) {
      HttpSays says;
      says.raw = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n400\r\nonly this";
      return says;
    });
    Bench bench({server.authority()});
    CHECK_FALSE(bench.ask(request(server.url(), R"("attempts": 1)")).error().empty());
  }
}

TEST_CASE("a server that is slow is waited for, but not for ever", "[broker]") {
  SECTION("late") {
    HttpServer server([](const HttpAsked&) {
      HttpSays says = saying(200, "late");
      says.delay = milliseconds(400);
      return says;
    });
    Bench bench({server.authority()});
    CHECK(bench.ask(request(server.url())).body == "late");
    const Got got = bench.ask(request(server.url(), R"("timeout_ms": 100, "attempts": 2)"));
    CHECK(got.error() == "timeout");
    CHECK(got.attempts() == 2);
  }
  SECTION("drop by drop") {
    HttpServer server([](const HttpAsked&) {
      HttpSays says = saying(200, std::string(1000, 'd'));
      says.drip = milliseconds(20);
      return says;
    });
    Bench bench({server.authority()});
    const auto begun = SteadyClock::now();
    CHECK(bench.ask(request(server.url(), R"("timeout_ms": 200, "attempts": 1)")).error() == "timeout");
    CHECK(SteadyClock::now() - begun < milliseconds(1500));
  }
}

TEST_CASE("what is no HTTP is an error, not an answer", "[broker]") {
  for (const char* raw :
       {"SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 abc OK\r\n\r\n", "\x16\x03\x01\x02", "HTTP/9.9 200 OK\r\n\r\nbody",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nbody",
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\nnot gzip!",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nbodies"}) {
    HttpServer server([&](const HttpAsked&) {
      HttpSays says;
      says.raw = raw;
      return says;
    });
    Bench bench({server.authority()});
    const Got got = bench.ask(request(server.url(), R"("attempts": 1, "timeout_ms": 2000)"));
    INFO(raw << " -> " << got.error() << " " << got.message() << got.body);
    CHECK_FALSE(got.error().empty());
  }
}

TEST_CASE("bodies and headers have a size, counted as they are decoded", "[broker]") {
  std::string kind;
  HttpServer server([&](const HttpAsked& asked) {
    HttpSays says = saying(200, std::string(200'000, '\0'));
    says.gzip = asked.target == "/bomb";
    says.chunked = asked.target == "/chunked" || asked.target == "/both";
    says.gzip = says.gzip || asked.target == "/both";
    says.no_length = asked.target == "/endless";
    if (asked.target == "/headers")
      for (int i = 0; i < 5000; ++i) says.headers.emplace_back("X-" + std::to_string(i), std::string(60, 'h'));
    return says;
  });
  Bench bench({server.authority()});
  for (const char* target : {"/plain", "/bomb", "/chunked", "/both", "/endless"}) {
    INFO(target);
    CHECK(bench.ask(request(server.url(target), R"("max_bytes": 199999)")).error() == "too_large");
    const Got whole = bench.ask(request(server.url(target), R"("max_bytes": 200000)"));
    CHECK(whole.status() == 200);
    CHECK(whole.body.size() == 200'000);
    CHECK(whole.header("content-encoding").empty());
  }
  CHECK(bench.ask(request(server.url("/headers"))).error() == "too_large");
}

TEST_CASE("no more at once than asked for, and no faster", "[broker]") {
  HttpServer server([](const HttpAsked&) {
    HttpSays says = saying(200);
    says.delay = milliseconds(30);
    return says;
  });
  Bench bench({server.authority()});
  for (int i = 0; i < 12; ++i) bench.submit(request(server.url(), R"("concurrency": 3)"));
  for (int i = 0; i < 12; ++i) CHECK(bench.next().status() == 200);
  CHECK(server.most_at_once() <= 3);
  CHECK(server.most_at_once() >= 2);
  const auto begun = SteadyClock::now();
  for (int i = 0; i < 6; ++i)
    bench.submit(R"({"url": ")" + server.url() + R"(", "rate_per_second": 20, "concurrency": 6})");
  for (int i = 0; i < 6; ++i) CHECK(bench.next().status() == 200);
  CHECK(SteadyClock::now() - begun >= milliseconds(245));
}

TEST_CASE("all that waits ends at once when it is cancelled", "[broker]") {
  HttpServer server([](const HttpAsked&) {
    HttpSays says = saying(200);
    says.delay = milliseconds(3000);
    return says;
  });
  Bench bench({server.authority()});
  for (int i = 0; i < 5; ++i) bench.submit(request(server.url()));
  const auto begun = SteadyClock::now();
  for (int i = 0; i < 20; ++i) {
    bench.engine().turn();
    bench.engine().wait(-1, 0, milliseconds(5));
  }
  bench.engine().cancel_all();
  for (int i = 0; i < 5; ++i) CHECK(bench.next().error() == "cancelled");
  CHECK(SteadyClock::now() - begun < milliseconds(1000));
  CHECK(bench.engine().idle());
}

TEST_CASE("answers that only look odd come back as they are", "[broker]") {
  struct Odd {
    const char* raw;
    int status;
    const char* body;
  };
  const Odd odds[] = {
      {"HTTP/1.1 204 No Content\r\n\r\n", 204, ""},
      {"HTTP/1.0 200 OK\r\n\r\nold", 200, "old"},
      {"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nno", 200, "no"},
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, "ok"},
      {"HTTP/1.1 103 Early\r\nLink: <early>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, "ok"},
      {"HTTP/1.1 200 OK\r\nX-Bytes: a\xFF\xFE\r\nContent-Length: 1\r\n\r\n\xFF", 200, "\xFF"},
      {"HTTP/1.1 200 OK\r\nX-Folded: one\r\n two\r\nContent-Length: 1\r\n\r\nx", 200, "x"},
      {"HTTP/1.1 451 Odd\r\nContent-Type: text/html\r\nContent-Length: 12\r\n\r\n<p>no</p>\xEF\xBB\xBF", 451,
       "<p>no</p>\xEF\xBB\xBF"},
      {"HTTP/1.1 299 What\r\nContent-Length: 0\r\n\r\n", 299, ""},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;ext=1\r\nabc\r\n0\r\nTrailer: x\r\n\r\n", 200, "abc"},
  };
  for (const Odd& odd : odds) {
    HttpServer server([&](const HttpAsked&) {
      HttpSays says;
      says.raw = odd.raw;
      return says;
    });
    Bench bench({server.authority()});
    const Got got = bench.ask(request(server.url(), R"("attempts": 1, "timeout_ms": 3000)"));
    INFO(odd.raw << " -> " << got.error() << " " << got.message());
    CHECK(got.status() == odd.status);
    CHECK(got.body == odd.body);
  }
}

TEST_CASE("a host that is full holds up nobody else", "[broker]") {
  HttpServer slow([](const HttpAsked&) {
    HttpSays says;
    says.delay = milliseconds(600);
    return says;
  });
  HttpServer quick([](const HttpAsked&) { return saying(200, "quick"); });
  Bench bench({slow.authority(), quick.authority()});
  for (int i = 0; i < 4; ++i) bench.submit(request(slow.url(), R"("concurrency": 1)"));
  bench.submit(request(quick.url()));
  CHECK(bench.next().body == "quick");
}

TEST_CASE("two hundred requests on few connections, each answered once", "[broker]") {
  HttpServer server([](const HttpAsked& asked) { return saying(200, asked.target); });
  Bench bench({server.authority()});
  for (int i = 0; i < 200; ++i) bench.submit(request(server.url("/" + std::to_string(i)), R"("concurrency": 8)"));
  std::map<std::string, int> seen;
  for (int i = 0; i < 200; ++i) ++seen[bench.next().body];
  CHECK(seen.size() == 200);
  CHECK(server.connections() <= 8);
  CHECK(bench.engine().idle());
}
