// Remote changes: after the commit, in order, never twice, and reconciled after a kill.
#include <atomic>
#include <catch2/catch.hpp>

#include "e2e/broker/fetching.hpp"
#include "e2e/running.hpp"

using namespace daydream::e2e;

namespace {

std::string change(const HttpServer& server, const char* target, const char* method = "PUT") {
  return R"({"method": ")" + std::string(method) + R"(", "url": ")" + server.url(target) +
         R"(", "rate_per_second": 0, "attempts": 1})";
}

Fetching changes_of(const HttpServer& server, std::vector<std::string> requests, const std::string& more = "") {
  return {
      std::move(requests), {server.authority()}, {}, R"(, "effects": true, "bodies": ["b0", "b1", "b2"])" + more, ""};
}

std::vector<std::string> targets(const HttpServer& server) {
  std::vector<std::string> all;
  for (const auto& asked : server.asked()) all.push_back(asked.target + " " + asked.body);
  return all;
}

}  // namespace

TEST_CASE("remote changes are sent in order, and what came of each is known") {
  HttpServer server([](const HttpAsked& asked) {
    HttpSays says;
    if (asked.target == "/no") says.status = 403;
    return says;
  });
  World world;
  fetching_project(world, changes_of(server, {change(server, "/a"), change(server, "/no"), change(server, "/c")}));
  const Ran ran = world.run();
  INFO(ran.err);
  CHECK(ran.exit_code == 0);
  CHECK(targets(server) == std::vector<std::string>{"/a b0", "/no b1", "/c b2"});
  const std::string report = report_json(world);
  CHECK(contains(report, "status 403"));
  CHECK(contains(report, "\"applied\""));
}

TEST_CASE("a mode that leaves the world as it is sends nothing") {
  for (const char* mode : {"observe", "patch"}) {
    HttpServer server([](const HttpAsked&) { return HttpSays{}; });
    World world;
    fetching_project(world, changes_of(server, {change(server, "/a")}));
    const Ran ran = world.run({"--mode", mode});
    INFO(ran.err);
    CHECK(ran.exit_code == 0);
    CHECK(server.asked().empty());
    CHECK_FALSE(contains(report_json(world), "\"applied\""));
  }
}

TEST_CASE("after a kill the step says whether the change happened, and it is never sent twice blindly") {
  for (const char* happened : {"yes", "no", ""}) {
    std::atomic<bool> slow{true};
    HttpServer server([&](const HttpAsked&) {
      HttpSays says;
      if (slow) says.delay = std::chrono::seconds(15);
      return says;
    });
    World world;
    fetching_project(world, changes_of(server, {change(server, "/a", "POST"), change(server, "/b")},
                                       R"(, "happened": ")" + std::string(happened) + '"'));
    {
      Running night = Running::night(world);
      REQUIRE(night.until([&] { return server.asked().size() == 1; }));
      night.signal(SIGKILL);
      REQUIRE(night.wait(std::chrono::seconds(10)).has_value());
    }
    slow = false;
    const Ran ran = world.run();
    INFO(happened << "\n" << ran.err);
    CHECK(ran.exit_code == 0);
    CHECK(contains(ran.err, "reconcile change0"));
    const bool again = std::string(happened) == "no";
    const std::vector<std::string> once{"/a b0", "/b b1"};
    const std::vector<std::string> twice{"/a b0", "/a b0", "/b b1"};
    CHECK(targets(server) == (again ? twice : once));
    CHECK(contains(report_json(world), "in doubt") == std::string(happened).empty());
  }
}

TEST_CASE("a change that a server cut off is in doubt, and said so") {
  HttpServer server([](const HttpAsked&) {
    HttpSays says;
    says.cut_after = 0;
    return says;
  });
  World world;
  fetching_project(world, changes_of(server, {change(server, "/a", "POST")}));
  const Ran ran = world.run();
  INFO(ran.err);
  CHECK(ran.exit_code == 0);
  CHECK(server.asked().size() == 1);
  CHECK(contains(report_json(world), "in doubt"));
}

TEST_CASE("what a step intended is sent although it failed behind its commit") {
  HttpServer server([](const HttpAsked&) { return HttpSays{}; });
  World world;
  fetching_project(world, changes_of(server, {change(server, "/a"), change(server, "/b")}, R"(, "happened": "fail")"));
  const Ran ran = world.run();
  INFO(ran.err);
  CHECK(ran.exit_code == 75);
  CHECK(targets(server) == std::vector<std::string>{"/a b0", "/b b1"});
}

TEST_CASE("a stop leaves what is unsent for the next start, which sends it once") {
  std::atomic<bool> slow{true};
  HttpServer server([&](const HttpAsked&) {
    HttpSays says;
    if (slow) says.delay = std::chrono::seconds(15);
    return says;
  });
  World world;
  fetching_project(world,
                   changes_of(server, {change(server, "/a", "POST"), change(server, "/b")}, R"(, "happened": "yes")"));
  {
    Running night = Running::night(world);
    REQUIRE(night.until([&] { return server.asked().size() == 1; }));
    night.signal(SIGTERM);
    const auto exit = night.wait(std::chrono::seconds(10));
    REQUIRE(exit.has_value());
    INFO(night.output());
    CHECK(exit->exit_code == 75);
  }
  slow = false;
  const Ran ran = world.run();
  INFO(ran.err);
  CHECK(ran.exit_code == 0);
  CHECK(targets(server) == std::vector<std::string>{"/a b0", "/b b1"});
}
