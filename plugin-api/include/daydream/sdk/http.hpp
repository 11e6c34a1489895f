// Requests through the host's broker, which holds secrets and policy. [run thread]
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "daydream/http.h"
#include "daydream/sdk/run.hpp"

namespace daydream::sdk {

class Http {
 public:
  explicit Http(const Run& run) : run_(run.handle()), service_(run.host(), run_, DD_HTTP_SERVICE) {}

  struct Response {
    std::uint64_t ticket = 0;
    std::string_view json, body;  // live until the next poll
  };
  enum class EffectState {
    kWaiting = DD_HTTP_WAITING,
    kDone = DD_HTTP_DONE,
    kRefused = DD_HTTP_REFUSED,
    kInDoubt = DD_HTTP_IN_DOUBT
  };
  struct Settled {
    EffectState state = EffectState::kWaiting;
    std::string_view response_json;  // lives until the next call
  };

  [[nodiscard]] bool present() const { return service_.present(); }
  // `ticket` is the step's own number for the answer.
  [[nodiscard]] Result<void> submit(std::uint64_t ticket, std::string_view request_json, std::string_view body) const {
    return service_.call(&dd_http_service::submit, "http submit", run_, ticket, text_of(request_json), bytes_of(body));
  }
  // kNotFound when nothing has come within the time.
  [[nodiscard]] Result<Response> poll(std::chrono::milliseconds timeout) const {
    Response response;
    dd_text json{};
    dd_bytes body{};
    auto called = service_.call(&dd_http_service::poll, "http poll", run_, static_cast<std::uint32_t>(timeout.count()),
                                &response.ticket, &json, &body);
    if (!called) return std::move(called.error());
    response.json = view_of(json);
    response.body = view_of(body);
    return response;
  }
  // What became of an effect of an earlier commit.
  [[nodiscard]] Result<Settled> settled(std::string_view key) const {
    std::int32_t state = 0;
    dd_text json{};
    auto called = service_.call(&dd_http_service::settled, "http settled", run_, text_of(key), &state, &json);
    if (!called) return std::move(called.error());
    return Settled{static_cast<EffectState>(state), view_of(json)};
  }

 private:
  dd_run* run_;
  Service<dd_http_service> service_;
};

inline Http Run::http() const {
  return Http(*this);
}

}  // namespace daydream::sdk
