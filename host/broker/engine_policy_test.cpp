// Where a request may not lead, and what may not be seen of it, against real servers.
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>

#include "broker/engine_for_tests.hpp"
#include "daydream/kit/process.hpp"

using namespace daydream;
using namespace daydream::broker;

namespace {

// `openssl s_server` with a certificate for "localhost" that it made itself.
class TlsServer {
 public:
  TlsServer() {
    std::string pattern = (std::filesystem::temp_directory_path() / "daydream-tls-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
    process::Command make;
    make.arguments = {"openssl",
                      "req",
                      "-x509",
                      "-newkey",
                      "ec",
                      "-pkeyopt",
                      "ec_paramgen_curve:prime256v1",
                      "-nodes",
                      "-subj",
                      "/CN=localhost",
                      "-addext",
                      "subjectAltName=DNS:localhost",
                      "-days",
                      "2",
                      "-keyout",
                      folder_ + "/key.pem",
                      "-out",
                      certificate()};
    auto made = process::run(make);
    REQUIRE(made.ok());
    INFO(made->error);
    REQUIRE(made->good());
    int ends[2] = {};
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    process::Child::Options options;
    options.arguments = {"openssl", "s_server",    "-accept", "127.0.0.1:0",       "-www",
                         "-cert",   certificate(), "-key",    folder_ + "/key.pem"};
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

}  // namespace

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

TEST_CASE("a name that is not ASCII is judged in its xn-- form", "[broker]") {
  Bench bench({"example.com"});
  const Got got = bench.ask(
      "{\"url\": \"https://b\xC3\xBC"
      "cher.example/\"}");
  CHECK(got.error() == "host_refused");
  CHECK(got.message().find("xn--bcher-kva.example") != std::string::npos);
  // Full-width digits become an address.
  const Got digits = bench.ask("{\"url\": \"http://\xEF\xBC\x91\xEF\xBC\x92\xEF\xBC\x97.0.0.1/\"}");
  CHECK((digits.error() == "host_refused" || digits.error() == "bad_request"));
  const Got unknown = bench.ask(R"({"url": "https://example.invalid/", "attempts": 1})");
  CHECK(unknown.error() == "host_refused");
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

TEST_CASE("a certificate that nobody vouches for ends the request, one that is trusted does not", "[broker]") {
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
