// Every row of the fault list, from a real server: the step survives it, repeats what may be repeated, and never
// takes a part for the whole.
#include <catch2/catch.hpp>
#include <ctime>
#include <set>

#include "wire.hpp"

using namespace daydream;
using namespace daydream::e2e;
using testing::Answer;
using testing::MemoryHost;

namespace {

constexpr int kIssues = 5;

const dd_plugin& plugin() {
  static const dd_plugin* const loaded = [] {
    auto opened = testing::open_plugin(SENTRY_REVIEW_SO);
    if (!opened) throw std::runtime_error(opened.error().message());
    return *opened;
  }();
  return *loaded;
}

// What the n-th request for the list of all issues gets instead of its page (n from 1).
using Fault = std::function<std::optional<HttpSays>(int n, const HttpSays& page)>;

struct Row {
  std::string name;
  Fault fault;
  std::string status = "ok";
  int recurring = kIssues;
  bool incomplete = false;
  std::string url = {};    // in place of the server's
  int patience_ms = 5000;  // for one answer
};

Fault once(const HttpSays& said) {
  return [said](int n, const HttpSays&) { return n == 1 ? std::optional(said) : std::nullopt; };
}
Fault second_page(const HttpSays& said) {
  return [said](int n, const HttpSays&) { return n >= 2 ? std::optional(said) : std::nullopt; };
}
HttpSays status(int code, std::vector<std::pair<std::string, std::string>> headers = {}, std::string text = "{}") {
  HttpSays said;
  said.status = code;
  said.headers = std::move(headers);
  said.body = std::move(text);
  return said;
}
HttpSays body(std::string text) {
  return status(200, {{"Content-Type", "application/json"}}, std::move(text));
}
std::string blanks(std::size_t n) {
  std::string text;
  text.resize(n, ' ');
  return text;
}
HttpSays spoilt(std::size_t length, const std::function<void(HttpSays&)>& spoil) {
  HttpSays said = status(200, {}, blanks(length));
  spoil(said);
  return said;
}
// The page itself with a change.
Fault changed(const std::function<void(HttpSays&, int n)>& change) {
  return [change](int n, const HttpSays& page) {
    HttpSays copy = page;
    change(copy, n);
    return std::optional(copy);
  };
}
void replace(std::string& text, const std::string& what, const std::string& with) {
  if (const auto at = text.find(what); at != std::string::npos) text.replace(at, what.size(), with);
}
std::string in_a_second() {
  return std::to_string(std::time(nullptr) + 1);
}

struct Outcome {
  Answer answer;
  int recurring = 0;
  bool incomplete = false;
  std::string everything;
};

Outcome night(const Row& row) {
  sentry::fake::Server fake;
  fake.page_size = 2;
  for (int i = 1; i <= kIssues; ++i)
    fake.issues.push_back({.id = std::to_string(i), .short_id = "PAY-" + std::to_string(i)});
  int lists = 0;
  HttpServer server([&](const HttpAsked& asked) {
    HttpSays answer = says(fake.answer(asked.target));
    const bool all = asked.target.find("/issues/?query=&") != std::string::npos;
    if (!all || !row.fault) return answer;
    return row.fault(++lists, answer).value_or(answer);
  });
  Wire wire({server.authority(), "nowhere.invalid", "127.0.0.1:1"}, row.patience_ms);
  testing::Start start;
  const std::string url = row.url.empty()    ? server.url("")
                          : row.url == "tls" ? "https://" + server.authority()
                                             : row.url;
  start.config =
      R"({"organization": "acme", "server": "sentry", "limits": {"requests_per_second": 100}, "url": ")" + url + "\"}";
  start.step_id = "sentry_review";
  start.http = [&](const testing::HttpRequest& request) { return wire.ask(request); };
  MemoryHost host(start);
  Outcome outcome;
  // The host gives a step three tries.
  for (int attempt = 0; attempt < 3; ++attempt) {
    outcome.answer = host.run(plugin());
    if (testing::status_name(outcome.answer.status) != "retry") break;
  }
  for (const auto& [number, finding] : host.ledger().findings()) {
    outcome.recurring += finding.rule == "error-recurring" ? 1 : 0;
    outcome.incomplete = outcome.incomplete || finding.rule == "review-incomplete";
  }
  outcome.everything = host.ledger().summary() + outcome.answer.message + text::join(outcome.answer.log, "\n");
  for (const HttpAsked& asked : server.asked()) CHECK(asked.headers.at("authorization") == "Bearer " + kToken);
  return outcome;
}

std::vector<Row> of_the_connection() {
  return {
      {"nothing at all", nullptr},
      {"no such name", nullptr, "retry", 0, false, "http://nowhere.invalid"},
      {"nobody listens", nullptr, "retry", 0, false, "http://127.0.0.1:1"},
      {"no TLS where it should be", nullptr, "retry", 0, false, "tls", 100},
      {"a stall, once", once(spoilt(2, [](HttpSays& said) { said.delay = std::chrono::milliseconds(800); })), "ok",
       kIssues, false, "", 400},
      {"a body cut short, once", once(spoilt(5000, [](HttpSays& said) { said.cut_after = 600; }))},
      {"a chunk cut short, once", once(spoilt(5000,
                                              [](HttpSays& said) {
                                                said.chunked = true;
                                                said.cut_after = 1500;
                                              }))},
      {"closed without an answer, once", once(spoilt(5, [](HttpSays& said) { said.cut_after = 0; }))},
  };
}

std::vector<Row> of_the_body() {
  const std::string deep(1'000'000, '[');
  return {
      {"HTML with 200 in the middle", second_page(body("<!doctype html><title>Log in</title>")), "ok", 2, true},
      {"204", second_page(status(204, {}, "")), "ok", 2, true},
      {"an object in place of a list", second_page(body(R"({"issues": "none"})")), "ok", 2, true},
      {"a text in place of a list", second_page(body("\"no\"")), "ok", 2, true},
      {"half a list", second_page(body("[{\"id\": \"3\"")), "ok", 2, true},
      {"bytes that are no UTF-8",
       changed([](HttpSays& page, int) { replace(page.body, "KeyError: 'amount'", "Key\xff\xfe\x80"); })},
      {"a lone surrogate",
       changed([](HttpSays& page, int) { replace(page.body, "KeyError: 'amount'", "x \\udead y"); })},
      {"a number no double holds",
       changed([](HttpSays& page, int) { replace(page.body, "\"userCount\":3", "\"userCount\":1e999"); })},
      {"a million levels", second_page(body(deep)), "ok", 2, true},
      {"a gzip bomb", second_page(status(200, {{"Content-Encoding", "gzip"}}, testing::gzipped(blanks(20'000'000)))),
       "ok", 2, true},
      {"a body without an end", second_page(spoilt(20'000'000, [](HttpSays& said) { said.no_length = true; })), "ok", 2,
       true},
      {"gzip that is what it says", changed([](HttpSays& page, int) { page.gzip = true; })},
      {"chunks", changed([](HttpSays& page, int) { page.chunked = true; })},
  };
}

std::vector<Row> of_the_status() {
  return {
      {"301 to another host", second_page(status(301, {{"Location", "http://elsewhere.invalid/"}})), "ok", 2, true},
      {"302 resource-moved without a place",
       second_page(status(302, {}, R"({"detail": {"code": "resource-moved", "message": "moved"}})")), "ok", 2, true},
      {"400, offset too large, in the middle",
       second_page(status(400, {}, R"({"detail": "Pagination offset too large"})")), "ok", 2, true},
      {"401 in the middle", second_page(status(401)), "ok", 2, true},
      {"403 in the middle", second_page(status(403, {}, R"({"detail": "You do not have permission"})")), "ok", 2, true},
      {"404 in the middle: renamed", second_page(status(404)), "ok", 2, true},
      {"413", second_page(status(413)), "ok", 2, true},
      {"414", second_page(status(414)), "ok", 2, true},
      {"429 with Retry-After", once(status(429, {{"Retry-After", "1"}}, R"({"detail": "You are attempting"})"))},
      {"429 with a reset, text/html",
       [](int n, const HttpSays&) {
         if (n != 1) return std::optional<HttpSays>();
         return std::optional(status(429, {{"X-Sentry-Rate-Limit-Remaining", "0"},
                                           {"X-Sentry-Rate-Limit-Reset", in_a_second()},
                                           {"Content-Type", "text/html"}}));
       }},
      {"429 with neither", once(status(429))},
      {"429 of a server whose clock is years behind", once(status(429, {{"Date", "Sun, 06 Nov 1994 08:49:37 GMT"},
                                                                        {"X-Sentry-Rate-Limit-Remaining", "0"},
                                                                        {"X-Sentry-Rate-Limit-Reset", "784111778"}}))},
      {"500 once", once(status(500, {}, R"({"detail": "Internal Error", "errorId": "x"})"))},
      {"502 with HTML once", once(status(502, {}, "<html>Bad Gateway</html>"))},
      {"503 from the second page on", second_page(status(503)), "ok", 2, true},
      {"507 from the second page on", second_page(status(507)), "ok", 2, true},
      {"524 from the second page on", second_page(status(524)), "ok", 2, true},
  };
}

std::vector<Row> of_the_pages() {
  const std::string next = R"(<http://x/?cursor=0:2:0>; rel="next"; results="true"; cursor="0:2:0")";
  return {
      {"no Link header on a short page", changed([](HttpSays& page, int) { page.headers.clear(); }), "ok", 2},
      {"a Link header that cannot be read", changed([](HttpSays& page, int) {
         page.headers = {{"Link", "<<;;,\"\""}};
       }),
       "ok", 2, true},
      {"a cursor that goes in a circle", changed([next](HttpSays& page, int) {
         page.headers = {{"Link", next}};
       }),
       "ok", 4, true},
      {"empty pages that promise more", changed([](HttpSays& page, int n) {
         if (n == 2) page.body = "[]";
       }),
       "ok", 3},
      {"empty pages without an end", changed([](HttpSays& page, int n) {
         page.body = "[]";
         page.headers = {{"Link", "<x>; rel=\"next\"; results=\"true\"; cursor=\"0:" + std::to_string(n) + ":0\""}};
       }),
       "ok", 0, true},
      {"the same issues again", changed([](HttpSays& page, int) {
         page.body = page.body.substr(0, page.body.size() - 1) + "," + page.body.substr(1);
       })},
      {"a short page with more behind it", changed([](HttpSays& page, int n) {
         if (n == 1) page.body = page.body.substr(0, page.body.find(",{\"id\":\"2\"")) + "]";
       }),
       "ok", 4},
      {"values that no documentation names", changed([](HttpSays& page, int) {
         replace(page.body, "\"substatus\":\"ongoing\"", "\"substatus\":\"haunted\",\"priority\":\"purple\"");
       })},
      {"null among the issues", changed([](HttpSays& page, int) { page.body.insert(1, "null,"); }), "ok", kIssues,
       true},
      {"a number for a text",
       changed([](HttpSays& page, int) { replace(page.body, "\"count\":\"12\"", "\"count\":12"); })},
      {"an issue without an id", changed([](HttpSays& page, int) {
         page.body.insert(1, R"({"title": "x", "count": "1", "status": "unresolved"},)");
       }),
       "ok", kIssues, true},
  };
}

std::vector<Row> rows() {
  std::vector<Row> all;
  for (auto& some : {of_the_connection(), of_the_body(), of_the_status(), of_the_pages()})
    all.insert(all.end(), some.begin(), some.end());
  return all;
}

}  // namespace

TEST_CASE("each fault of a server is survived, and no part is taken for the whole", "[faults]") {
  CHECK(rows().size() >= 40);
  for (const Row& row : rows()) {
    INFO(row.name);
    const Outcome outcome = night(row);
    INFO(outcome.answer.message << "\n" << text::join(outcome.answer.log, "\n"));
    CHECK(outcome.answer.breaks.empty());
    CHECK(testing::status_name(outcome.answer.status) == row.status);
    CHECK(outcome.recurring == row.recurring);
    CHECK(outcome.incomplete == row.incomplete);
    CHECK(outcome.everything.find("canary") == std::string::npos);
    CHECK(outcome.everything.find("203.0.113.77") == std::string::npos);
  }
}
