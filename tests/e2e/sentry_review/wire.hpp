// The memory host's requests, made for real: through the broker's engine to a server on loopback.
#pragma once

#include <string>

#include "broker/engine.hpp"
#include "daydream/kit/json.hpp"
#include "daydream/testing/memory_host.hpp"
#include "plugins/sentry_review/tests/fake_server.hpp"
#include "support/http_server.hpp"

namespace daydream::e2e {

using testing::HttpAsked;
using testing::HttpSays;
using testing::HttpServer;

inline const std::string kToken = "sntryu_canary-0123456789abcdef0123456789abcdef";

inline HttpSays says(const sentry::fake::Reply& reply) {
  HttpSays says;
  says.status = reply.status;
  says.headers = {{"Content-Type", "application/json"}};
  if (!reply.link.empty()) says.headers.emplace_back("Link", reply.link);
  says.body = reply.body;
  return says;
}

class Wire {
 public:
  // REQUIRES: hosts are declared as a manifest does, the first is the server's.
  explicit Wire(const std::vector<std::string>& hosts, int patience_ms)
      : engine_({broker::milliseconds(2), ""}), patience_ms_(patience_ms) {
    engine_.set_policy({hosts, {{"SENTRY_AUTH_TOKEN", kToken, "", hosts}}});
  }

  testing::HttpReply ask(const testing::HttpRequest& request) {
    std::string json = request.json;  // nobody waits a minute for a server that stalls
    const std::string patient = R"("timeout_ms":60000)";
    if (const auto at = json.find(patient); at != std::string::npos)
      json.replace(at, patient.size(), "\"timeout_ms\":" + std::to_string(patience_ms_));
    engine_.submit(++id_, json, "");
    for (;;) {
      engine_.turn();
      if (auto answer = engine_.take()) return reply_of(*answer);
      engine_.wait(-1, 0, broker::milliseconds(50));
    }
  }

 private:
  static testing::HttpReply reply_of(broker::Answer& answer) {
    testing::HttpReply reply;
    auto parsed = json::Text::parse(answer.json, {.name = "answer"});
    if (!parsed) return {.error = "protocol", .message = parsed.error().message()};
    const json::Value& root = parsed->root();
    reply.error = json::get_string(root, "error");
    reply.message = json::get_string(root, "message");
    reply.status = static_cast<int>(json::get_int(root, "status"));
    if (const json::Value* headers = json::find(root, "headers"); headers != nullptr) {
      for (const auto& header : headers->GetObject())
        reply.headers[json::string_of(header.name)] = json::string_of(header.value);
    }
    reply.body = std::move(answer.body);
    return reply;
  }
  broker::Engine engine_;
  int patience_ms_;
  std::uint64_t id_ = 0;
};

}  // namespace daydream::e2e
