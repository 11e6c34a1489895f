// A step of the real program asks a real server through the broker.
#include <catch2/catch.hpp>

#include "e2e/broker/fetching.hpp"

using namespace daydream::e2e;

TEST_CASE("a step gets a page through the broker, with its secret, and nothing but the server sees the value") {
  HttpServer server([](const HttpAsked& asked) {
    HttpSays says;
    says.headers = {{"X-Echo", asked.headers.at("authorization")}, {"Link", "<a>"}, {"Link", "<b>"}};
    says.body = "you said " + asked.headers.at("authorization");
    return says;
  });
  World world;
  fetching_project(
      world, {{R"({"url": ")" + server.url("/page?x=1") + R"(", "headers": {"Authorization": "Bearer ${TOKEN}"}})"},
              {server.authority()},
              {server.authority()},
              "",
              ""});
  const Ran ran = world.run();
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  REQUIRE(server.asked().size() == 1);
  CHECK(server.asked()[0].headers.at("authorization") == "Bearer " + kToken);
  CHECK(server.asked()[0].headers.at("user-agent").rfind("daydream/", 0) == 0);
  CHECK(contains(ran.err, R"("status":200)"));
  CHECK(contains(ran.err, R"("link":"<a>, <b>")"));
  CHECK(contains(report_json(world), "you said Bearer [masked]"));
  CHECK_FALSE(contains(ran.err + ran.out, kToken));
  for (const auto& [name, bytes] : World::snapshot(world.root())) {
    INFO(name);
    CHECK_FALSE(contains(bytes, kToken));
  }
}

TEST_CASE("a host that the manifest does not declare is refused, and the step goes on") {
  HttpServer server([](const HttpAsked&) { return HttpSays{}; });
  World world;
  fetching_project(world, {{R"({"url": ")" + server.url() + R"("})"}, {"localhost"}, {}, "", ""});
  const Ran ran = world.run();
  INFO(ran.err);
  CHECK(ran.exit_code == 0);
  CHECK(contains(ran.err, "host_refused"));
  CHECK(server.connections() == 0);
}

TEST_CASE("a server that fails again and again is left alone, the others are asked, and the log says why") {
  HttpServer failing([](const HttpAsked&) {
    HttpSays says;
    says.status = 503;
    return says;
  });
  HttpServer working([](const HttpAsked&) { return HttpSays{}; });
  std::vector<std::string> requests(7, R"({"url": ")" + failing.url() + R"(", "attempts": 1, "rate_per_second": 0})");
  requests.push_back(R"({"url": ")" + working.url() + R"("})");
  World world;
  fetching_project(world, {requests, {failing.authority(), working.authority()}, {}, "", ""});
  const Ran ran = world.run();
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  CHECK(failing.asked().size() == 5);
  CHECK(working.asked().size() == 1);
  CHECK(contains(ran.err, R"("error":"host_failing")"));
  CHECK(contains(ran.err,
                 "[daydream.broker] [warning] " + failing.authority() + " is left alone for the rest of this run"));
}
