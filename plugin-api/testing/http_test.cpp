// What a step sees of "daydream.http/1" in the in-memory host.
#include <catch2/catch.hpp>

#include "daydream/sdk.hpp"
#include "daydream/testing/cases.hpp"
#include "daydream/testing/memory_host.hpp"

using namespace daydream;
using testing::HttpReply;
using testing::HttpRequest;
using testing::MemoryHost;
using testing::Start;

namespace {

constexpr const char* kDescriptor = R"({"id": "test/asks", "version": "1.0.0", "summary": "asks",
  "services": ["daydream.run/1", "daydream.state/1", "daydream.http/1"]})";

// Two pages and one remote change.
class Asks {
 public:
  Asks(sdk::Run& run, const json::Value& /*configuration*/) : run_(run) {}

  Result<sdk::Outcome> run() {
    for (std::uint64_t i = 1; i <= 2; ++i) {
      const std::string request = R"({"url": "https://x.example/)" + std::to_string(i) +
                                  R"(", "headers": {"Authorization": "Bearer ${TOKEN}"}})";
      if (auto asked = run_.http().submit(i, request, ""); !asked) return std::move(asked.error());
    }
    auto txn = run_.begin();
    if (!txn) return std::move(txn.error());
    for (int i = 0; i < 2; ++i) {
      auto answer = run_.http().poll(std::chrono::seconds(1));
      if (!answer) return std::move(answer.error());
      txn->put_memory(std::to_string(answer->ticket), std::string(answer->json) + "|" + std::string(answer->body));
    }
    if (run_.http().poll(std::chrono::seconds(1)).ok()) return sdk::Outcome::permanent("a third answer");
    sdk::Finding finding;
    finding.rule = "test/change";
    txn->http_effect("key", R"({"method": "PUT", "url": "https://x.example/change"})", "body",
                     txn->put_finding(finding));
    if (auto committed = txn->commit(); !committed) return std::move(committed.error());
    auto settled = run_.http().settled("key");
    if (!settled) return std::move(settled.error());
    if (settled->state != sdk::Http::EffectState::kDone) return sdk::Outcome::permanent("not done");
    return sdk::Outcome::ok();
  }

 private:
  sdk::Run& run_;
};

constexpr dd_plugin kAsks = sdk::barrier::Entry<Asks>::table(kDescriptor);

}  // namespace

TEST_CASE("the test answers a step's requests, and its remote changes behind their commit") {
  std::vector<std::string> seen;
  Start start;
  start.http = [&seen](const HttpRequest& request) {
    seen.push_back(request.method + " " + request.url + " " + request.body);
    if (request.url.ends_with("/2")) return HttpReply{.error = "timeout", .message = "too slow"};
    return HttpReply{.status = 200, .headers = {{"link", "<next>"}}, .body = "page"};
  };
  MemoryHost host(start);
  const auto answer = host.run(kAsks);
  INFO(answer.message);
  REQUIRE(answer.good());
  CHECK(seen == std::vector<std::string>{"GET https://x.example/1 ", "GET https://x.example/2 ",
                                         "PUT https://x.example/change body"});
  CHECK(host.ledger().memory().at("1") ==
        R"({"status":200,"headers":{"link":"<next>"},"url":"https://x.example/1","attempts":1,"elapsed_ms":1}|page)");
  CHECK(host.ledger().memory().at("2") == R"({"error":"timeout","message":"too slow","attempts":1}|)");
  CHECK(host.ledger().remote().size() == 1);
}

TEST_CASE("without a script every request is refused, in words") {
  MemoryHost host;
  CHECK_FALSE(host.run(kAsks).good());
  CHECK(host.ledger().memory().at("1").find("host_refused") != std::string::npos);
}

TEST_CASE("a .case file says what servers answer") {
  auto file = testing::parse_cases(
      "== pages\n-- http GET https://x.example/1 200\nLink: <next>\nX: a:b\n\nline one\nline two\n"
      "-- http GET https://x.example/2 error:timeout\n-- http PUT https://x.example/3 404\n",
      "t.case");
  REQUIRE(file.ok());
  auto start = testing::start_of(file->cases.at(0));
  REQUIRE(start.ok());
  const auto ask = [&](const char* method, const char* url) {
    return start->http(HttpRequest{method, url, {}, "", ""});
  };
  const HttpReply page = ask("GET", "https://x.example/1");
  CHECK(page.status == 200);
  CHECK(page.headers.at("link") == "<next>");
  CHECK(page.headers.at("x") == "a:b");
  CHECK(page.body == "line one\nline two\n");
  CHECK(ask("GET", "https://x.example/2").error == "timeout");
  CHECK(ask("PUT", "https://x.example/3").status == 404);
  CHECK(ask("GET", "https://x.example/3").error == "connect");
  for (const char* wrong : {"GET https://x.example/1", "https://x.example/ 200", "GET https://x.example/ 20x"}) {
    auto bad = testing::parse_cases("== bad\n-- http " + std::string(wrong) + "\n", "t.case");
    REQUIRE(bad.ok());
    CHECK_FALSE(testing::start_of(bad->cases.at(0)).ok());
  }
}
