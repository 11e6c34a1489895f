// External links: what answers mean, over nights.
#include <catch2/catch.hpp>

#include <map>

#include "daydream/testing/memory_host.hpp"
#include "plugins/docs_update/external.hpp"

namespace daydream::docs {
namespace {

constexpr std::int64_t kDay = 86400000;

Verdict verdict_of(const char* json) {
  return read_answer(json).verdict;
}

const dd_plugin& plugin() {
  auto opened = testing::open_plugin(DOCS_UPDATE_SO);
  if (!opened) FAIL(opened.error().message());
  return **opened;
}

constexpr const char* kPage =
    "[ok](https://ok.io/a#part) [gone](https://gone.io/x) [no](https://no.io/)\n"
    "[limited](https://limited.io/) [none](https://nowhere.io/y) [ex](https://example.com/z)\n";

testing::HttpReply reply(const testing::HttpRequest& request) {
  if (request.url == "https://ok.io/a") return {.status = 200};
  if (request.url == "https://gone.io/x") return {.status = 404};
  if (request.url == "https://no.io/") return {.status = 403};
  if (request.url == "https://limited.io/") return {.status = 429, .headers = {{"retry-after", "7200"}}};
  return {.error = "resolve", .message = "no address"};
}

// One night with the memory of the one before.
std::vector<std::string> night(testing::FileMap& memory, const char* now, std::vector<std::string>* asked) {
  testing::Start start;
  start.files["README.md"] = kPage;
  start.config = R"({"external": {"enabled": true}})";
  start.now = now;
  start.memory = memory;
  start.memory_schema = 1;
  start.http = [asked](const testing::HttpRequest& request) {
    if (asked != nullptr) asked->push_back(request.method + " " + request.url);
    return reply(request);
  };
  testing::MemoryHost host(start);
  auto answer = host.run(plugin());
  INFO(answer.message);
  REQUIRE(answer.good());
  memory.clear();
  for (const auto& [key, value] : host.ledger().memory()) memory[key] = value;
  return host.finding_lines();
}

}  // namespace

TEST_CASE("what an answer means") {
  CHECK(verdict_of(R"({"status": 200})") == Verdict::kOk);
  CHECK(verdict_of(R"({"status": 206})") == Verdict::kOk);
  CHECK(verdict_of(R"({"status": 416})") == Verdict::kOk);
  CHECK(verdict_of(R"({"status": 404})") == Verdict::kGone);
  CHECK(verdict_of(R"({"status": 410})") == Verdict::kGone);
  for (const char* blocked : {R"({"status": 401})", R"({"status": 403})", R"({"status": 999})", R"({"status": 451})"}) {
    CHECK(verdict_of(blocked) == Verdict::kBlocked);
  }
  CHECK(verdict_of(R"({"status": 403, "headers": {"x-ratelimit-remaining": "0"}})") == Verdict::kLimited);
  CHECK(verdict_of(R"({"status": 403, "headers": {"retry-after": "60"}})") == Verdict::kLimited);
  CHECK(verdict_of(R"({"status": 429})") == Verdict::kLimited);
  CHECK(verdict_of(R"({"status": 503})") == Verdict::kUnreachable);
  for (const char* fault : {R"({"error": "timeout"})", R"({"error": "tls"})", R"({"error": "connect"})"}) {
    CHECK(verdict_of(fault) == Verdict::kUnreachable);
  }
  CHECK(verdict_of(R"({"error": "host_refused"})") == Verdict::kUnknown);
  CHECK(verdict_of("no json") == Verdict::kUnknown);
}

TEST_CASE("only three runs over three days make a link broken") {
  Answer gone;
  gone.verdict = Verdict::kGone;
  Ledger ledger;
  ledger = advance(ledger, gone, 0, "1", 0);
  ledger = advance(ledger, gone, 0, "1", 0);  // the same run counts once
  CHECK(ledger.runs_gone == 1);
  ledger = advance(ledger, gone, kDay, "2", 0);
  ledger = advance(ledger, gone, 2 * kDay, "3", 0);
  CHECK_FALSE(ledger.broken());  // three runs, two days
  Answer fault;
  fault.verdict = Verdict::kUnreachable;
  ledger = advance(ledger, fault, 3 * kDay, "4", 0);
  CHECK_FALSE(ledger.broken());
  CHECK(ledger.runs_gone == 3);  // a server that is not heard says nothing new
  ledger = advance(ledger, gone, 4 * kDay, "5", 0);
  CHECK(ledger.broken());
  CHECK(Ledger::decode(ledger.encode()).broken());
  Answer fine;
  fine.verdict = Verdict::kOk;
  ledger = advance(ledger, fine, 5 * kDay, "6", 0);
  CHECK(ledger.runs_gone == 0);
  CHECK(ledger.next_ms >= 11 * kDay);
  CHECK(Ledger::decode("nonsense").runs_gone == 0);
}

TEST_CASE("four nights: what was gone on each of them is said, nothing else") {
  testing::FileMap memory;
  std::vector<std::string> asked;
  CHECK(night(memory, "2026-11-22T02:30:00Z", &asked).empty());
  // HEAD first; what it refuses is asked for with GET; addresses made for examples are not asked.
  CHECK(std::count(asked.begin(), asked.end(), "HEAD https://ok.io/a") == 1);
  CHECK(std::count(asked.begin(), asked.end(), "GET https://ok.io/a") == 0);
  CHECK(std::count(asked.begin(), asked.end(), "GET https://gone.io/x") == 1);
  CHECK(std::count(asked.begin(), asked.end(), "HEAD https://example.com/z") == 0);
  CHECK(memory.size() == 5);
  CHECK(night(memory, "2026-11-23T02:30:00Z", nullptr).empty());
  asked.clear();
  CHECK(night(memory, "2026-11-24T02:30:00Z", &asked).empty());
  CHECK(std::count(asked.begin(), asked.end(), "HEAD https://ok.io/a") == 0);  // good for a week
  CHECK(std::count(asked.begin(), asked.end(), "HEAD https://no.io/") == 0);   // blocked: a month
  const auto said = night(memory, "2026-11-25T02:30:00Z", nullptr);
  CHECK(said == std::vector<std::string>{"README.md:1 broken-link info https://gone.io/x",
                                         "README.md:2 broken-link info https://nowhere.io/y"});
}

TEST_CASE("without a network nothing is gone") {
  testing::FileMap memory;
  for (const char* now :
       {"2026-11-22T02:30:00Z", "2026-11-24T02:30:00Z", "2026-11-26T02:30:00Z", "2026-11-28T02:30:00Z"}) {
    testing::Start start;
    start.files["README.md"] = "[none](https://nowhere.io/y) [ok](https://ok.io/a)\n";
    start.config = R"({"external": {"enabled": true}})";
    start.now = now;
    start.memory = memory;
    start.memory_schema = 1;
    start.http = [](const testing::HttpRequest&) {
      return testing::HttpReply{.error = "resolve", .message = "no network"};
    };
    testing::MemoryHost host(start);
    REQUIRE(host.run(plugin()).good());
    CHECK(host.finding_lines().empty());
    memory = host.ledger().memory();
  }
}

TEST_CASE("a kill loses at most the answers that were under way") {
  testing::Start start;
  start.files["README.md"] = kPage;
  start.config = R"({"external": {"enabled": true}})";
  std::map<std::string, int> asked;
  start.http = [&asked](const testing::HttpRequest& request) {
    ++asked[request.url];
    return reply(request);
  };
  testing::MemoryHost host(start);
  REQUIRE(host.run_killed_after(plugin(), 2).killed);
  CHECK(host.ledger().memory().size() == 2);
  REQUIRE(host.run(plugin()).good());
  CHECK(host.ledger().memory().size() == 5);
  CHECK(asked.size() == 3);  // in this process: the other two were asked by the child that was killed
}

TEST_CASE("nobody is asked unless the configuration says so") {
  testing::Start start;
  start.files["README.md"] = kPage;
  int asked = 0;
  start.http = [&asked](const testing::HttpRequest&) {
    ++asked;
    return testing::HttpReply{};
  };
  testing::MemoryHost host(start);
  REQUIRE(host.run(plugin()).good());
  CHECK(asked == 0);
}

}  // namespace daydream::docs
