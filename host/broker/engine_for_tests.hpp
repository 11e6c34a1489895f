// An engine in this process, driven by hand, for tests against a server on loopback.
#pragma once

#include <catch2/catch.hpp>

#include "broker/engine.hpp"
#include "daydream/kit/json.hpp"
#include "support/http_server.hpp"

namespace daydream::broker {

using testing::HttpAsked;
using testing::HttpSays;
using testing::HttpServer;

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

// {"url": .., "rate_per_second": 0 and what else}
inline std::string request(const std::string& url, const std::string& more = "") {
  return R"({"url": ")" + url + R"(", "rate_per_second": 0)" + (more.empty() ? "" : ", " + more) + "}";
}

inline HttpSays saying(int status, std::string body = "") {
  HttpSays says;
  says.status = status;
  says.body = std::move(body);
  return says;
}

}  // namespace daydream::broker
