#include "daydream/http.h"

#include "daydream/kit/json.hpp"
#include "session.hpp"

namespace daydream::testing {

namespace {

constexpr std::size_t kMostUnderWay = 256;

std::pair<std::string, std::string> failure(const std::string& code, const std::string& message) {
  json::Writer out;
  out.begin_object().field("error", code).field("message", message).field("attempts", 1).end_object();
  return {out.take(), ""};
}

Result<HttpRequest> read_request(const HttpWaiting& waiting) {
  json::ParseOptions options;
  options.name = "request";
  auto parsed = json::Text::parse(waiting.request, options);
  if (!parsed) return std::move(parsed.error());
  const json::Value& root = parsed->root();
  if (!root.IsObject()) return Error(ErrorKind::kInvalid, "request: expected an object");
  HttpRequest request;
  for (const auto& member : root.GetObject()) {
    const std::string name = json::string_of(member.name);
    constexpr std::string_view kKnown =
        " method url headers timeout_ms max_bytes attempts redirects rate_per_second concurrency ";
    if (kKnown.find(" " + name + " ") == kKnown.npos)
      return Error(ErrorKind::kInvalid, "request: unknown member " + name);
  }
  request.method = json::get_string(root, "method", "GET");
  request.url = json::get_string(root, "url");
  request.body = waiting.body;
  request.json = waiting.request;
  if (!request.url.starts_with("http://") && !request.url.starts_with("https://"))
    return Error(ErrorKind::kInvalid, "request: \"url\" is missing, or not http");
  if (const json::Value* headers = json::find(root, "headers"); headers != nullptr && headers->IsObject()) {
    for (const auto& member : headers->GetObject()) {
      if (!member.value.IsString()) return Error(ErrorKind::kInvalid, "request: a header that is no string");
      request.headers[json::string_of(member.name)] = json::string_of(member.value);
    }
  }
  return request;
}

dd_status http_submit(dd_run* run, std::uint64_t ticket, dd_text request_json, dd_bytes body) noexcept {
  Session& session = *Session::of(run);
  if (!session.on_run_thread("submit") || !session.readable(request_json.data, request_json.size, "submit") ||
      !session.readable(body.data, body.size, "submit")) {
    return DD_BAD_ARGUMENT;
  }
  if (session.stopped()) return DD_CANCELLED;
  if (session.http_waiting.size() >= kMostUnderWay) return DD_RETRY;
  session.http_waiting.push_back({ticket, string_of(request_json), string_of(body)});
  return DD_OK;
}

dd_status http_poll(dd_run* run, std::uint32_t /*timeout_ms*/, std::uint64_t* ticket, dd_text* response_json,
                    dd_bytes* body) noexcept {
  Session& session = *Session::of(run);
  if (!session.on_run_thread("poll")) return DD_BAD_ARGUMENT;
  if (ticket == nullptr || response_json == nullptr || body == nullptr) {
    return session.broken("poll: a null pointer"), DD_BAD_ARGUMENT;
  }
  if (session.stopped()) return DD_CANCELLED;
  if (session.http_waiting.empty()) return DD_NOT_FOUND;
  const HttpWaiting waiting = std::move(session.http_waiting.front());
  session.http_waiting.pop_front();
  auto [json, bytes] = answer_http(session, waiting);
  *ticket = waiting.ticket;
  *response_json = text_of(session.keep("poll response", std::move(json)));
  *body = bytes_of(session.keep("poll body", std::move(bytes)));
  return DD_OK;
}

dd_status http_effect(dd_txn* handle, dd_text key, dd_text request_json, dd_bytes body,
                      std::uint64_t finding) noexcept {
  Txn* txn = Session::txn(handle, "effect");
  if (txn == nullptr) return DD_BAD_ARGUMENT;
  Session& session = *txn->session;
  if (!session.readable(key.data, key.size, "effect") ||
      !session.readable(request_json.data, request_json.size, "effect") ||
      !session.readable(body.data, body.size, "effect")) {
    return DD_BAD_ARGUMENT;
  }
  if (key.size == 0) return session.broken("effect: an empty key"), DD_BAD_ARGUMENT;
  const bool put = txn->safety.count(finding) != 0 || session.ledger().findings().count(finding) != 0;
  if (!put) return session.broken("effect: finding " + std::to_string(finding) + " was not put"), DD_BAD_ARGUMENT;
  Effect effect;
  effect.kind = EffectKind::kHttp;
  effect.finding = finding;
  effect.key = string_of(key);
  effect.request = string_of(request_json);
  effect.content = string_of(body);
  txn->commit.effects.push_back(std::move(effect));
  return DD_OK;
}

dd_status http_settled(dd_run* run, dd_text key, std::int32_t* state, dd_text* response_json) noexcept {
  Session& session = *Session::of(run);
  if (!session.on_run_thread("settled") || !session.readable(key.data, key.size, "settled")) return DD_BAD_ARGUMENT;
  if (state == nullptr || response_json == nullptr) return session.broken("settled: a null pointer"), DD_BAD_ARGUMENT;
  const auto found = session.http_settled.find(string_of(key));
  if (found == session.http_settled.end()) return DD_NOT_FOUND;
  auto parsed = json::Text::parse(found->second);
  const auto status = parsed ? json::get_int(parsed->root(), "status") : 0;
  *state = status >= 200 && status < 300 ? DD_HTTP_DONE : DD_HTTP_REFUSED;
  *response_json = text_of(session.keep("settled", found->second));
  return DD_OK;
}

}  // namespace

std::pair<std::string, std::string> answer_http(const Session& session, const HttpWaiting& waiting) {
  auto request = read_request(waiting);
  if (!request) return failure("bad_request", request.error().message());
  if (!session.start().http) return failure("host_refused", "the test gives no http");
  HttpReply reply = session.start().http(*request);
  if (!reply.error.empty()) return failure(reply.error, reply.message);
  json::Writer out;
  out.begin_object().field("status", reply.status).key("headers").begin_object();
  for (const auto& [name, value] : reply.headers) out.field(name, value);
  out.end_object().field("url", request->url).field("attempts", 1).field("elapsed_ms", 1).end_object();
  return {out.take(), std::move(reply.body)};
}

const void* http_table() {
  static constexpr dd_http_service kTable{sizeof(dd_http_service), &http_submit, &http_poll, &http_effect,
                                          &http_settled};
  return &kTable;
}

}  // namespace daydream::testing
