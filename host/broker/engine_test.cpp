// Each fault that a server can have, from a real one on loopback.
#include "broker/engine.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "daydream/kit/json.hpp"
#include "daydream/kit/process.hpp"
#include "support/http_server.hpp"

using namespace daydream;
using namespace daydream::broker;
using daydream::testing::HttpAsked;
using daydream::testing::HttpSays;
using daydream::testing::HttpServer;

namespace {

struct Got {
  json::Text json;
  std::string body;
  bool sent = false;
  std::int64_t status() const { return json::get_int(json.root(), "status"); }
  std::string error() const { return json::get_string(json.root(), "error"); }
  std::string message() const { return json::get_string(json.root(), "message"); }
  std::string url() const { return json::get_string(json.root(), "url"); }
  std::int64_t attempts() const { return json::get_int(json.root(), "attempts"); }
  std::string header(const char* name) const { return json::get_string(*json::find(json.root(), "headers"), name); }
};

class Bench {
 public:
  explicit Bench(std::vector<std::string> hosts, std::vector<Secret> secrets = {}, std::string certificates = "")
      : engine_({milliseconds(5), std::move(certificates)}) {
    engine_.set_policy({std::move(hosts), std::move(secrets)});
  }
  void submit(const std::string& request, std::string body = "") { engine_.submit(++id_, request, std::move(body)); }
  Got next() {
    const auto end = SteadyClock::now() + std::chrono::seconds(20);
    while (SteadyClock::now() < end) {
      engine_.turn();
      if (auto answer = engine_.take()) {
        auto parsed = json::Text::parse(answer->json, {.name = "answer"});
        REQUIRE(parsed.ok());
        return {std::move(*parsed), std::move(answer->body), answer->sent};
      }
      engine_.wait(-1, 0, milliseconds(100));
    }
    FAIL("no answer came");
    std::abort();
  }
  Got ask(const std::string& request, std::string body = "") {
    submit(request, std::move(body));
    return next();
  }
  Engine& engine() { return engine_; }

 private:
  Engine engine_;
  std::uint64_t id_ = 0;
};

// `openssl s_server` with a certificate for "localhost" that it made itself.
class TlsServer {
 public:
  TlsServer() {
    std::string pattern = (std::filesystem::temp_directory_path() / "daydream-tls-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
    process::Command make;
    make.arguments = {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                      "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2", "-keyout",
                      folder_ + "/key.pem", "-out", certificate()};
    auto made = process::run(make);
    REQUIRE(made.ok());
    INFO(made->error);
    REQUIRE(made->good());
    int ends[2] = {};
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    process::Child::Options options;
    options.arguments = {"openssl", "s_server", "-accept", "127.0.0.1:0", "-www", "-cert", certificate(), "-key",
                         folder_ + "/key.pem"};
    options.descriptors = {{1, ends[1]}};
    auto child = process::Child::start(options);
    ::close(ends[1]);
    REQUIRE(child.ok());
    child_.emplace(std::move(*child));
    std::string said;
    char piece[256];
    for (ssize_t got = 0; said.find("ACCEPT 127.0.0.1:") == said.npos || said.back() != '\n';) {
      got = ::read(ends[0], piece, sizeof piece);
      REQUIRE(got > 0);
      said.append(piece, static_cast<std::size_t>(got));
    }
    ::close(ends[0]);
    port_ = std::atoi(said.c_str() + said.find("ACCEPT 127.0.0.1:") + 17);
  }
  ~TlsServer() {
    child_.reset();
    std::filesystem::remove_all(folder_);
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;
  int port() const { return port_; }
  std::string certificate() const { return folder_ + "/cert.pem"; }

 private:
  std::string folder_;
  std::optional<process::Child> child_;
  int port_ = 0;
};

// {"url": .., "rate_per_second": 0 and what else}
std::string request(const std::string& url, const std::string& more = "") {
  return R"({"url": ")" + url + R"(", "rate_per_second": 0)" + (more.empty() ? "" : ", " + more) + "}";
}

HttpSays saying(int status, std::string body = "") {
  HttpSays says;
  says.status = status;
  says.body = std::move(body);
  return says;
}

}  // namespace

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
  const auto& headers = server.asked()[0].headers;
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

TEST_CASE("statuses that stay are not asked again; nor is what must not be sent twice", "[broker]") {
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
    { authority = HttpServer([](const HttpAsked&) { return saying(200); }).authority(); }
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

TEST_CASE("redirects are followed by hand, as far as the request allows", "[broker]") {
  HttpServer server([](const HttpAsked& asked) {
    HttpSays says = saying(200, asked.method + " " + asked.target + " " + asked.body);
    const auto to = [&](int status, const char* where) {
      says = saying(status);
      says.headers = {{"Location", where}};
    };
    if (asked.target == "/relative") to(302, "here/../there?x=1");
    if (asked.target == "/see-other") to(303, "/there");
    if (asked.target == "/keep") to(307, "/there");
    if (asked.target == "/loop") to(301, "/loop");
    if (asked.target == "/nowhere") says = saying(302);
    if (asked.target == "/bad") to(302, "ftp://example.com/");
    if (asked.target == "/user") to(302, "http://user@127.0.0.1/");
    if (asked.target == "/inside") to(302, "http://169.254.169.254/latest/");
    if (asked.target == "/abroad") to(302, "https://example.com/");
    return says;
  });
  Bench bench({server.authority(), "*"});
  CHECK(bench.ask(request(server.url("/relative"))).body == "GET /there?x=1 ");
  CHECK(bench.ask(request(server.url("/relative"))).url() == server.url("/there?x=1"));
  CHECK(bench.ask(request(server.url("/see-other"), R"("method": "POST")"), "data").body == "GET /there ");
  CHECK(bench.ask(request(server.url("/keep"), R"("method": "POST")"), "data").body == "POST /there data");
  const Got loop = bench.ask(request(server.url("/loop"), R"("redirects": 3)"));
  CHECK(loop.error() == "redirects");
  CHECK(bench.ask(request(server.url("/nowhere"))).status() == 302);
  const Got as_is = bench.ask(request(server.url("/relative"), R"("redirects": 0)"));
  CHECK(as_is.status() == 302);
  CHECK(as_is.header("location") == "here/../there?x=1");
  CHECK(bench.ask(request(server.url("/bad"))).error() == "redirects");
  CHECK(bench.ask(request(server.url("/user"))).error() == "redirects");
  CHECK(bench.ask(request(server.url("/inside"))).error() == "private_address");
  Bench narrow({server.authority()});
  CHECK(narrow.ask(request(server.url("/abroad"))).error() == "host_refused");
}

TEST_CASE("secrets and Authorization stay behind when a redirect leads elsewhere", "[broker]") {
  HttpServer other([](const HttpAsked&) { return saying(200, "arrived"); });
  HttpServer server([&](const HttpAsked& asked) {
    HttpSays says = saying(302);
    says.headers = {{"Location", asked.target == "/same" ? "/end" : other.url()}};
    return asked.target == "/end" ? saying(200, asked.headers.at("authorization")) : says;
  });
  const std::vector<std::string> both{server.authority(), other.authority()};
  Bench bench(both, {{"TOKEN", "top-secret-value", "", both}});
  const std::string headers = R"("headers": {"Authorization": "Bearer ${TOKEN}", "X-Key": "${TOKEN}", "Accept": "a"})";
  CHECK(bench.ask(request(server.url("/same"), headers)).body == "Bearer [masked]");
  CHECK(bench.ask(request(server.url("/away"), headers)).body == "arrived");
  REQUIRE(other.asked().size() == 1);
  CHECK(other.asked()[0].headers.count("authorization") == 0);
  CHECK(other.asked()[0].headers.count("x-key") == 0);
  CHECK(other.asked()[0].headers.at("accept") == "a");
}

TEST_CASE("a server that echoes the secret gets it masked out of header, body and URL", "[broker]") {
  HttpServer server([](const HttpAsked& asked) {
    const std::string token = asked.headers.at("authorization");
    HttpSays says = saying(asked.target == "/" ? 302 : 400, "{\"you\": \"" + token + "\"}");
    says.headers = {{"X-Echo", token}};
    if (asked.target == "/") says.headers.emplace_back("Location", "/back?token=top-secret%2Fvalue");
    return says;
  });
  Bench bench({server.authority()}, {{"TOKEN", "top-secret/value", "", {server.authority()}}});
  const Got got = bench.ask(request(server.url(), R"("headers": {"Authorization": "${TOKEN}"})"));
  CHECK(got.status() == 400);
  CHECK(got.body == "{\"you\": \"[masked]\"}");
  CHECK(got.header("x-echo") == "[masked]");
  CHECK(got.url() == server.url("/back?token=[masked]"));
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

TEST_CASE("a request that is wrong costs nobody anything", "[broker]") {
  Bench bench({"*"});
  CHECK(bench.ask("no json").error() == "bad_request");
  CHECK(bench.ask(R"({"url": "http://user@x.y/"})").error() == "bad_request");
  CHECK(bench.ask(R"({"url": "http://127.0.0.1/"})").error() == "private_address");
  CHECK(bench.ask(R"({"url": "http://localhost/"})").error() == "private_address");
  CHECK(bench.ask(R"({"url": "http://127.0.0.1:1/"})").error() == "host_refused");
  CHECK(bench.ask(R"({"url": "http://localhost/", "headers": {"A": "${NOPE}"}})").error() == "private_address");
  CHECK(bench.ask(R"({"url": "https://no-such-host.invalid/", "attempts": 1})").error() == "resolve");
}

TEST_CASE("a name is resolved once, checked and pinned: localhost, where it is declared", "[broker]") {
  HttpServer server([](const HttpAsked& asked) { return saying(200, asked.headers.at("host")); });
  const std::string authority = "localhost:" + std::to_string(server.port());
  Bench bench({authority});
  const Got got = bench.ask(request("http://" + authority + "/"));
  CHECK(got.status() == 200);
  CHECK(got.body == authority);
  CHECK(bench.ask(request("http://127.0.0.1:" + std::to_string(server.port()) + "/")).error() == "host_refused");
}

TEST_CASE("a certificate that nobody vouches for ends the request; one that is trusted does not", "[broker]") {
  TlsServer server;
  const std::string authority = "localhost:" + std::to_string(server.port());
  {
    Bench bench({authority});
    const Got got = bench.ask(request("https://" + authority + "/", R"("timeout_ms": 5000)"));
    INFO(got.message());
    CHECK(got.error() == "tls");
    CHECK(got.attempts() == 1);
    CHECK(bench.ask(request("http://" + authority + "/", R"("attempts": 1, "timeout_ms": 1000)")).status() == 0);
  }
  Bench trusting({authority, "127.0.0.1:" + std::to_string(server.port())}, {}, server.certificate());
  CHECK(trusting.ask(request("https://" + authority + "/", R"("timeout_ms": 5000)")).status() == 200);
  // Vouched for, but for another name.
  const Got other =
      trusting.ask(request("https://127.0.0.1:" + std::to_string(server.port()) + "/", R"("timeout_ms": 5000)"));
  CHECK(other.error() == "tls");
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
