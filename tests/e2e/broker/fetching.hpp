// A project whose one step makes requests of a server of the test.
#pragma once

#include <string>
#include <vector>

#include "e2e/fixtures.hpp"
#include "support/http_server.hpp"

namespace daydream::e2e {

using testing::HttpAsked;
using testing::HttpSays;
using testing::HttpServer;

inline const std::string kToken = "plum-quartz-violin-harbour-93";

struct Fetching {
  std::vector<std::string> requests;      // JSON
  std::vector<std::string> hosts;         // what the manifest lets it reach
  std::vector<std::string> secret_hosts;  // of the secret TOKEN; none: not declared
  std::string config;                     // more members, each with a comma before it
  std::string step;                       // more members of the step, each with a comma behind it
};

inline std::string json_list(const std::vector<std::string>& items, bool quoted) {
  std::string out = "[";
  for (const auto& item : items) out += (out.size() > 1 ? ", " : "") + (quoted ? "\"" + item + "\"" : item);
  return out + "]";
}

inline void fetching_project(World& world, const Fetching& what) {
  if (!world.has("a.txt")) {
    world.init_git();
    world.write("a.txt", "hello\n");
    world.commit("start");
  }
  world.environment["FETCH_TOKEN"] = kToken;
  const std::string secrets = what.secret_hosts.empty() ? ""
                                                        : R"("secrets": {"TOKEN": {"env": "FETCH_TOKEN", "hosts": )" +
                                                              json_list(what.secret_hosts, true) + "}}, ";
  world.manifest(R"({"manifest": 1, )" + secrets + R"("hosts": {"fetcher": )" + json_list(what.hosts, true) +
                 R"(}, "steps": [{"id": "fetcher", "plugin": ")" + std::string(E2E_STEPS) + R"(/fetcher.so", )" +
                 what.step + (what.secret_hosts.empty() ? "" : R"("secrets": ["TOKEN"], )") +
                 R"("config": {"requests": )" + json_list(what.requests, false) + what.config + "}}]}");
}

}  // namespace daydream::e2e
