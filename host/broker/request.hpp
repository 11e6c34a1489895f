// A plugin's request: JSON in, a checked value out. The contract: README.md. Pure. [any thread]
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "broker/url.hpp"

namespace daydream::broker {

using std::chrono::milliseconds;

constexpr std::size_t kMaxRequest = std::size_t{1} << 20;  // JSON
constexpr std::size_t kMaxBody = std::size_t{16} << 20;    // sent
constexpr std::size_t kMaxOutstanding = 256;               // of one step

struct Request {
  std::string method = "GET";
  Url url;
  std::vector<std::pair<std::string, std::string>> headers;  // as written: ${NAME} still in them
  milliseconds timeout{30'000};                              // of one attempt
  std::size_t max_bytes = std::size_t{16} << 20;             // of the decoded body
  int attempts = 4;
  int redirects = 5;
  double rate_per_second = 10;  // 0: as fast as it goes
  int concurrency = 4;

  [[nodiscard]] bool idempotent() const;
};

// The answer to one request, as the contract of README.md says.
struct Answer {
  std::uint64_t id = 0;
  std::string json, body;
  bool sent = false;  // bytes of it may have reached a server
};

// kInvalid says what is wrong, with the nearest known name for an unknown member.
Result<Request> parse_request(std::string_view json, bool has_body, const ToAscii& to_ascii = nullptr);

}  // namespace daydream::broker
