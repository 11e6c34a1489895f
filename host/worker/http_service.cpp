// "daydream.http/1": requests go to the host, which has them made; answers are fetched many at a time.
#include <algorithm>

#include "base/model.hpp"
#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"
#include "worker/run.hpp"

namespace daydream::worker {
namespace {

constexpr std::size_t kMaxUnderWay = 256;
constexpr std::size_t kMaxRequest = std::size_t{1} << 20;
constexpr std::size_t kMaxBody = std::size_t{16} << 20;
constexpr std::size_t kMaxKey = 512;

dd_status submit(dd_run* run, uint64_t ticket, dd_text request_json, dd_bytes body) noexcept {
  if (on_run_thread(run, "submit") == nullptr) return DD_BAD_ARGUMENT;
  const auto request = view(request_json);
  const auto bytes = view(body);
  if (!request || !bytes) return bad_argument(run, "submit", "NULL with a size");
  if (request->size() > kMaxRequest) return bad_argument(run, "submit", "the request is larger than 1 MiB");
  if (bytes->size() > kMaxBody) return bad_argument(run, "submit", "the body is larger than 16 MiB");
  if (run->link.cancelled()) return DD_CANCELLED;
  if (run->http.under_way >= kMaxUnderWay) return DD_RETRY;  // poll first
  ++run->http.under_way;
  run->link.tell(frames::Type::kHttpSubmit,
                 frames::HttpSubmit{ticket, std::string(*request), std::string(*bytes)}.encode());
  return DD_OK;
}

// DD_OK once `fetched` has something.
dd_status fetch(dd_run& run, uint32_t timeout_ms) {
  auto reply = run.link.ask(frames::Type::kHttpPoll, frames::HttpPoll{timeout_ms}.encode());
  if (reply.status != DD_OK) return reply.status;
  auto answers = frames::HttpAnswers::decode(reply.body);
  if (!answers || answers->items.empty()) return DD_NOT_FOUND;
  for (auto& answer : answers->items) run.http.fetched.push_back(std::move(answer));
  return DD_OK;
}

dd_status poll(dd_run* run, uint32_t timeout_ms, uint64_t* ticket, dd_text* response_json, dd_bytes* body) noexcept {
  if (on_run_thread(run, "poll") == nullptr) return DD_BAD_ARGUMENT;
  if (ticket == nullptr || response_json == nullptr || body == nullptr) return bad_argument(run, "poll", "NULL");
  auto& http = run->http;
  if (http.fetched.empty()) {
    if (http.under_way == 0) return DD_NOT_FOUND;
    if (const dd_status status = fetch(*run, timeout_ms); status != DD_OK) return status;
  }
  http.polled = std::move(http.fetched.front());
  http.fetched.pop_front();
  http.under_way -= std::min<std::size_t>(http.under_way, 1);
  *ticket = http.polled.ticket;
  *response_json = to_text(http.polled.json);
  *body = to_bytes(http.polled.body);
  return DD_OK;
}

bool is_object(std::string_view text) {
  json::ParseOptions how;
  how.name = "request";
  how.positions = false;
  auto parsed = json::Text::parse(text, how);
  return parsed && parsed->root().IsObject();
}

dd_status effect(dd_txn* txn, dd_text key, dd_text request_json, dd_bytes body, uint64_t finding) noexcept {
  dd_run* const run = with_open(txn, "effect");
  if (run == nullptr) return DD_BAD_ARGUMENT;
  const auto name = view(key);
  const auto request = view(request_json);
  const auto bytes = view(body);
  if (!name || !request || !bytes) return bad_argument(run, "effect", "NULL with a size");
  if (name->empty() || name->size() > kMaxKey || !text::valid_utf8(*name))
    return bad_argument(run, "effect", "the key is empty, over 512 bytes or not UTF-8");
  if (request->size() > kMaxRequest || bytes->size() > kMaxBody)
    return bad_argument(run, "effect", "the request is larger than 1 MiB or its body than 16 MiB");
  if (!is_object(*request)) return bad_argument(run, "effect", "the request is no JSON object");
  if (!known_finding(*run, finding))
    return bad_argument(run, "effect", "finding " + std::to_string(finding) + " was not put in this run");
  if (!reserve(*run, name->size() + request->size() + bytes->size(), "effect")) return DD_BAD_ARGUMENT;
  Effect change;
  change.kind = EffectKind::kHttp;
  change.finding = finding;
  change.key = *name;
  change.request = *request;
  change.content = *bytes;
  run->transaction->commit.effects.push_back(std::move(change));
  return DD_OK;
}

dd_status settled(dd_run* run, dd_text key, int32_t* state, dd_text* response_json) noexcept {
  if (on_run_thread(run, "settled") == nullptr) return DD_BAD_ARGUMENT;
  const auto name = view(key);
  if (!name || state == nullptr || response_json == nullptr) return bad_argument(run, "settled", "NULL");
  auto reply = run->link.ask(frames::Type::kHttpSettled, std::string(*name));
  if (reply.status != DD_OK) return reply.status;
  auto found = frames::HttpSettled::decode(reply.body);
  if (!found) return DD_RETRY;
  run->http.settled = std::move(found->response);
  *state = found->state;
  *response_json = to_text(run->http.settled);
  return DD_OK;
}

}  // namespace

const dd_http_service* http_table() {
  static constexpr dd_http_service kTable = {sizeof(dd_http_service), submit, poll, effect, settled};
  return &kTable;
}

}  // namespace daydream::worker
