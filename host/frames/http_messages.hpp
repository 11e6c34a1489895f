// What worker and host say to each other about "daydream.http/1".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daydream/kit/result.hpp"

namespace daydream::frames {

// No reply: every submitted request is answered, in words where it was refused.
struct HttpSubmit {
  std::uint64_t ticket = 0;
  std::string request, body;
  [[nodiscard]] std::string encode() const;
  static Result<HttpSubmit> decode(std::string_view bytes);
};

// Reply: HttpAnswers, at least one; DD_NOT_FOUND when none came within the time.
struct HttpPoll {
  std::uint32_t timeout_ms = 0;
  [[nodiscard]] std::string encode() const;
  static Result<HttpPoll> decode(std::string_view bytes);
};

struct HttpAnswer {
  std::uint64_t ticket = 0;
  std::string json, body;
};
struct HttpAnswers {
  std::vector<HttpAnswer> items;
  [[nodiscard]] std::string encode() const;
  static Result<HttpAnswers> decode(std::string_view bytes);
};

// Request: the key as it is. Reply: this; DD_NOT_FOUND when no effect of this run has the key.
struct HttpSettled {
  std::int32_t state = 0;  // DD_HTTP_*
  std::string response;
  [[nodiscard]] std::string encode() const;
  static Result<HttpSettled> decode(std::string_view bytes);
};

// What the step says of a change that an earlier try sent. Reply: empty.
struct HttpReconciled {
  std::string key;
  std::int32_t status = 0;    // of the plugin's reconcile; DD_UNSUPPORTED where it has none
  std::int32_t happened = 0;  // with DD_OK
  [[nodiscard]] std::string encode() const;
  static Result<HttpReconciled> decode(std::string_view bytes);
};

}  // namespace daydream::frames
