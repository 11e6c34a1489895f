#include "broker/request.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::broker {
namespace {

Error bad(std::string words) {
  return {ErrorKind::kInvalid, std::move(words)};
}

const std::vector<std::string>& known_members() {
  static const std::vector<std::string> kKnown{"method",   "url",       "headers",         "timeout_ms", "max_bytes",
                                               "attempts", "redirects", "rate_per_second", "concurrency"};
  return kKnown;
}

bool token_char(char c) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || kMarks.find(c) != kMarks.npos;
}

// What the broker says itself, or what would change how the message is framed.
bool is_ours(std::string_view name) {
  constexpr std::array<std::string_view, 13> kOurs = {
      "host",    "content-length", "transfer-encoding", "connection", "keep-alive",      "te",     "trailer",
      "upgrade", "expect",         "user-agent",        "cookie",     "accept-encoding", "cookie2"};
  return std::find(kOurs.begin(), kOurs.end(), name) != kOurs.end() || name.starts_with("proxy-");
}

Result<void> take_header(const std::string& name, const json::Value& value, Request& request) {
  const std::string shown = text::escape_terminal(text::shorten(name, 80));
  if (name.empty() || name.size() > 200 || !std::all_of(name.begin(), name.end(), token_char))
    return bad("\"headers\": \"" + shown + "\" is no name of a header");
  if (is_ours(text::to_lower_ascii(name))) return bad("\"headers\": " + shown + " is set by the host alone");
  if (!value.IsString()) return bad("\"headers\": " + shown + ": expected a string");
  std::string content = json::string_of(value);
  const bool clean = std::all_of(content.begin(), content.end(), [](char c) {
    return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
  });
  if (!clean || content.size() > 16384)
    return bad("\"headers\": " + shown + ": control characters, or over 16384 bytes");
  for (const auto& [known, other] : request.headers) {
    if (text::to_lower_ascii(known) == text::to_lower_ascii(name))
      return bad("\"headers\": " + shown + " stands twice");
  }
  request.headers.emplace_back(name, std::move(content));
  return {};
}

Result<void> take_headers(const json::Value& root, Request& request) {
  const json::Value* headers = json::find(root, "headers");
  if (headers == nullptr) return {};
  if (!headers->IsObject()) return bad("\"headers\": expected an object");
  if (headers->MemberCount() > 64) return bad("\"headers\": more than 64");
  for (const auto& member : headers->GetObject()) {
    if (auto taken = take_header(json::string_of(member.name), member.value, request); !taken) return taken;
  }
  return {};
}

Result<void> take_method(const json::Value& root, bool has_body, Request& request) {
  const json::Value* method = json::find(root, "method");
  if (method != nullptr && !method->IsString()) return bad("\"method\": expected a string");
  if (method != nullptr) request.method = json::string_of(*method);
  constexpr std::array<std::string_view, 7> kKnown = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
  if (std::find(kKnown.begin(), kKnown.end(), request.method) == kKnown.end())
    return bad("\"method\": expected GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS, in capitals");
  if (has_body && (request.method == "GET" || request.method == "HEAD"))
    return bad("a request with " + request.method + " has no body");
  return {};
}

template <class T>
Result<void> take_number(const json::Value& root, const char* name, std::int64_t least, std::int64_t most, T& into) {
  const json::Value* value = json::find(root, name);
  if (value == nullptr) return {};
  if (!value->IsInt64() || value->GetInt64() < least || value->GetInt64() > most)
    return bad("\"" + std::string(name) + "\": expected a whole number from " + std::to_string(least) + " to " +
               std::to_string(most));
  into = T(value->GetInt64());
  return {};
}

Result<void> take_rate(const json::Value& root, Request& request) {
  const json::Value* value = json::find(root, "rate_per_second");
  if (value == nullptr) return {};
  const double rate = value->IsNumber() ? value->GetDouble() : -1;
  if (!(rate == 0 || (rate >= 0.01 && rate <= 100'000)))
    return bad("\"rate_per_second\": expected 0 (no limit) or a number from 0.01 to 100000");
  request.rate_per_second = rate;
  return {};
}

Result<void> take_numbers(const json::Value& root, Request& request) {
  if (auto taken = take_number(root, "timeout_ms", 1, 600'000, request.timeout); !taken) return taken;
  if (auto taken = take_number(root, "max_bytes", 0, std::int64_t{64} << 20, request.max_bytes); !taken) return taken;
  if (auto taken = take_number(root, "attempts", 1, 20, request.attempts); !taken) return taken;
  if (auto taken = take_number(root, "redirects", 0, 20, request.redirects); !taken) return taken;
  if (auto taken = take_number(root, "concurrency", 1, 64, request.concurrency); !taken) return taken;
  return take_rate(root, request);
}

}  // namespace

bool Request::idempotent() const {
  return method != "POST" && method != "PATCH";
}

Result<Request> parse_request(std::string_view text, bool has_body, const ToAscii& to_ascii) {
  json::ParseOptions options;
  options.name = "request";
  options.max_bytes = kMaxRequest;
  options.max_depth = 8;
  options.positions = false;
  auto parsed = json::Text::parse(text, options);
  if (!parsed) return std::move(parsed.error()).as(ErrorKind::kInvalid);
  const json::Value& root = parsed->root();
  if (!root.IsObject()) return bad("request: expected a JSON object");
  for (const auto& member : root.GetObject()) {
    const std::string name = json::string_of(member.name);
    const auto& known = known_members();
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string near = text::nearest(name, known);
    return bad("request: unknown member \"" + text::escape_terminal(text::shorten(name, 80)) + "\"" +
               (near.empty() ? "" : "; did you mean \"" + near + "\"?"));
  }
  const json::Value* url = json::find(root, "url");
  if (url == nullptr || !url->IsString()) return bad("request: \"url\" is missing, or no string");
  Request request;
  auto read = parse_url(json::string_of(*url), to_ascii);
  if (!read) return std::move(read.error()).context("request");
  request.url = std::move(*read);
  if (auto taken = take_method(root, has_body, request); !taken) return std::move(taken.error()).context("request");
  if (auto taken = take_headers(root, request); !taken) return std::move(taken.error()).context("request");
  if (auto taken = take_numbers(root, request); !taken) return std::move(taken.error()).context("request");
  return request;
}

}  // namespace daydream::broker
