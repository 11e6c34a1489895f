// The step against a scripted server: what it asks, in which order, and what it makes of each answer.
#include <catch2/catch.hpp>
#include <set>

#include "daydream/testing/memory_host.hpp"
#include "fake_server.hpp"

using namespace daydream;
using namespace daydream::testing;
using namespace daydream::sentry;

namespace {

const dd_plugin& plugin() {
  static const dd_plugin* const loaded = [] {
    auto opened = open_plugin(SENTRY_REVIEW_SO);
    if (!opened) throw std::runtime_error(opened.error().message());
    return *opened;
  }();
  return *loaded;
}

class World {
 public:
  explicit World(int issues = 3, std::string config = R"({"organization": "acme", "server": "sentry"})") {
    for (int i = 1; i <= issues; ++i) {
      const std::string id = std::to_string(i);
      server.issues.push_back({.id = id, .short_id = "PAY-" + id});
    }
    start.config = std::move(config);
    start.step_id = "sentry_review";
    start.http = [this](const HttpRequest& request) { return reply(request); };
  }

  fake::Server server;
  Start start;
  std::vector<HttpRequest> asked;
  // Answers in place of the server where it has something to say.
  std::function<std::optional<HttpReply>(const std::string& target, std::size_t number)> fault;

  MemoryHost& host() {
    if (!host_) host_ = std::make_unique<MemoryHost>(start);
    return *host_;
  }
  Answer run() { return host().run(plugin()); }
  std::set<std::string> symbols(const std::string& rule) {
    std::set<std::string> found;
    for (const auto& [number, finding] : host().ledger().findings()) {
      if (finding.rule == rule) found.insert(finding.symbol);
    }
    return found;
  }
  std::string message(const std::string& rule) {
    for (const auto& [number, finding] : host().ledger().findings()) {
      if (finding.rule == rule) return finding.message + " | " + finding.evidence;
    }
    return "";
  }

 private:
  HttpReply reply(const HttpRequest& request) {
    asked.push_back(request);
    const std::string target = fake::target_of(request.url);
    if (fault) {
      if (auto said = fault(target, asked.size())) return *said;
    }
    const fake::Reply answer = server.answer(target);
    HttpReply reply{.status = answer.status, .body = answer.body};
    if (!answer.link.empty()) reply.headers["link"] = answer.link;
    return reply;
  }
  std::unique_ptr<MemoryHost> host_;
};

bool is_list(const std::string& target) {
  return target.find("/issues/?") != std::string::npos;
}

}  // namespace

TEST_CASE("the plan asks for the most valuable first, in an absolute window, with the token by its name") {
  World world;
  REQUIRE(world.run().good());
  std::vector<std::string> queries;
  for (const HttpRequest& request : world.asked) {
    CHECK(request.headers.at("Authorization") == "Bearer ${SENTRY_AUTH_TOKEN}");
    CHECK(request.url.starts_with("https://sentry.io/api/0/organizations/acme/issues/"));
    if (!is_list(request.url)) continue;
    const fake::Target target(fake::target_of(request.url));
    queries.push_back(target.get("query"));
    CHECK(target.has("query"));
    CHECK(target.get("start") == "2026-11-21T02:30:00Z");
    CHECK(target.get("end") == "2026-11-22T02:30:00Z");
    CHECK(target.get("limit") == "100");
  }
  CHECK(queries == std::vector<std::string>{"is:unresolved is:regressed", "is:unresolved is:escalating",
                                            "is:unresolved firstSeen:>=2026-11-21T02:30:00", ""});
  CHECK(world.symbols("error-recurring").size() == 3);
}

TEST_CASE("pages are followed by the cursor to results=false, and a short page is not the end") {
  World world(25);
  world.server.page_size = 7;
  REQUIRE(world.run().good());
  CHECK(world.symbols("error-recurring").size() == 25);
  for (const HttpRequest& request : world.asked) CHECK(request.url.starts_with("https://sentry.io/"));
}

TEST_CASE("projects and environments are repeated, prefixes of the address are kept") {
  World world(1, R"({"organization": "acme", "url": "https://errors.example.com/sentry/", "server": "sentry",
                     "projects": ["pay", "7"], "environments": ["prod & test"]})");
  world.server.prefix = "/sentry/api/0";
  REQUIRE(world.run().good());
  const fake::Target target(fake::target_of(world.asked.front().url));
  CHECK(world.asked.front().url.find("project=pay&project=7") != std::string::npos);
  CHECK(target.get("environment") == "prod & test");
  CHECK(world.symbols("error-recurring").size() == 1);
}

TEST_CASE("new, recurring and resolved by status and first sight") {
  World world(3);
  world.server.issues[0].first_seen = "2026-11-22T00:30:00Z";
  world.server.issues[1].status = "resolved";
  REQUIRE(world.run().good());
  CHECK(world.symbols("error-new") == std::set<std::string>{"PAY-1"});
  CHECK(world.symbols("error-resolved") == std::set<std::string>{"PAY-2"});
  CHECK(world.symbols("error-recurring") == std::set<std::string>{"PAY-3"});
}

TEST_CASE("an older server that knows no recommended event is asked for the latest") {
  World world(2);
  world.server.knows_recommended = false;
  world.start.files["pay/views.py"] = "def charge1(): pass\ndef charge2(): pass\n";
  REQUIRE(world.run().good());
  CHECK(world.host().finding_lines().front().starts_with("pay/views.py:2"));
}

TEST_CASE("a server that does not know the filters is not read four times") {
  World world(250);
  world.server.knows_substatus = false;
  world.start.config = R"({"organization": "acme", "server": "sentry", "limits": {"events": 0}})";
  REQUIRE(world.run().good());
  CHECK(world.symbols("error-recurring").size() == 250);
  CHECK(world.asked.size() == 3 + 3);
}

TEST_CASE("GlitchTip is known by its fields, asked in its own words, and cut at the window here") {
  World world(4, R"({"organization": "acme", "projects": ["pay"]})");
  world.server.glitchtip = true;
  world.server.issues[1].last_seen = "2026-11-01T00:00:00Z";
  world.server.issues[2].first_seen = "2026-11-22T00:00:00Z";
  world.server.issues[3].status = "resolved";
  world.start.files["pay/views.py"] = "def charge1(): pass\ndef charge2(): pass\n";
  REQUIRE(world.run().good());
  CHECK(world.symbols("error-recurring") == std::set<std::string>{"PAY-1"});
  CHECK(world.symbols("error-new") == std::set<std::string>{"PAY-3"});
  CHECK(world.symbols("error-resolved") == std::set<std::string>{"PAY-4"});
  for (const HttpRequest& request : world.asked) {
    const fake::Target target(fake::target_of(request.url));
    CHECK_FALSE(target.has("start"));
    CHECK_FALSE(target.has("project"));
    CHECK(target.get("query").find("firstSeen") == std::string::npos);
  }
}

TEST_CASE("without a token, a host or an organization the step is skipped and says what to set") {
  for (const std::string error : {"secret_refused", "host_refused", "private_address"}) {
    World world;
    world.fault = [&](const std::string&, std::size_t) { return HttpReply{.error = error, .message = "no"}; };
    const Answer answer = world.run();
    CHECK(status_name(answer.status) == "skipped");
    CHECK(answer.code == "not-configured");
  }
}

TEST_CASE("refusals end the step with what to do") {
  const std::map<int, std::string> words{
      {401, "token"}, {403, "event:read"}, {404, "organization"}, {302, "url"}, {418, "418"}};
  for (const auto& [status, word] : words) {
    World world;
    world.fault = [status = status](const std::string&, std::size_t) {
      return HttpReply{.status = status, .body = R"({"detail": {"code": "x", "message": "Because"}})"};
    };
    const Answer answer = world.run();
    CHECK(status_name(answer.status) == "permanent");
    CHECK(answer.message.find(word) != std::string::npos);
    CHECK(answer.message.find("Because") != std::string::npos);
  }
}

TEST_CASE("an outage at the start is a failed try that may be repeated") {
  for (const int status : {429, 500, 502, 503, 507, 524}) {
    World world;
    world.fault = [status](const std::string&, std::size_t) { return HttpReply{.status = status, .body = "<html>"}; };
    CHECK(status_name(world.run().status) == "retry");
  }
  for (const std::string error : {"resolve", "connect", "timeout", "protocol"}) {
    World world;
    world.fault = [&](const std::string&, std::size_t) { return HttpReply{.error = error}; };
    CHECK(status_name(world.run().status) == "retry");
  }
}

TEST_CASE("an outage in the middle is tried again from the cursor, then said as a gap") {
  World world(30);
  world.server.page_size = 5;
  bool down = true;
  world.fault = [&](const std::string& target, std::size_t) -> std::optional<HttpReply> {
    if (down && target.find("cursor=0%3A15") != std::string::npos) return HttpReply{.status = 503};
    return std::nullopt;
  };
  CHECK(status_name(world.run().status) == "retry");
  const std::size_t before = world.asked.size();
  CHECK(status_name(world.run().status) == "retry");
  CHECK(world.asked.size() == before + 1);  // no page is asked for twice
  SECTION("it comes back") {
    down = false;
    REQUIRE(world.run().good());
    CHECK(world.symbols("error-recurring").size() == 30);
    CHECK(world.symbols("review-incomplete").empty());
  }
  SECTION("it does not") {
    REQUIRE(world.run().good());
    CHECK(world.symbols("error-recurring").size() == 15);
    CHECK(world.message("review-incomplete").find("all issues") != std::string::npos);
    CHECK(world.message("review-incomplete").find("503") != std::string::npos);
  }
}

TEST_CASE("a server that the broker leaves alone is a gap at once, not a try that is repeated") {
  World world(30);
  world.server.page_size = 5;
  world.fault = [&](const std::string& target, std::size_t) -> std::optional<HttpReply> {
    if (target.find("cursor=0%3A10") != std::string::npos) return HttpReply{.error = "host_failing"};
    return std::nullopt;
  };
  REQUIRE(world.run().good());
  CHECK(world.symbols("error-recurring").size() == 10);
  CHECK(world.message("review-incomplete").find("failed again and again") != std::string::npos);
}

TEST_CASE("a token that is taken away in the middle leaves what was read, and says so") {
  World world(30);
  world.server.page_size = 5;
  world.fault = [&](const std::string& target, std::size_t) -> std::optional<HttpReply> {
    if (target.find("cursor=0%3A10") != std::string::npos) return HttpReply{.status = 401};
    return std::nullopt;
  };
  REQUIRE(world.run().good());
  CHECK(world.symbols("error-recurring").size() == 10);
  CHECK(world.message("review-incomplete").find("401") != std::string::npos);
}

TEST_CASE("the step is killed after each commit and ends the same, no page is read twice") {
  const auto make = [] {
    auto world = std::make_unique<World>(23);
    world->server.page_size = 5;
    world->server.issues[4].substatus = "regressed";
    world->server.issues[7].first_seen = "2026-11-22T00:00:00Z";
    return world;
  };
  auto whole = make();
  const Answer answer = whole->run();
  INFO(answer.message);
  REQUIRE(answer.breaks == std::vector<std::string>{});
  REQUIRE(answer.good());
  const std::string expected = whole->host().ledger().summary();
  const auto commits = whole->host().commits().size();
  for (std::size_t kill_at = 1; kill_at < commits; ++kill_at) {
    auto world = make();
    world->host().run_killed_after(plugin(), static_cast<int>(kill_at));
    world->asked.clear();
    INFO("killed after commit " << kill_at);
    REQUIRE(world->run().good());
    CHECK(world->host().ledger().summary() == expected);
  }
}
