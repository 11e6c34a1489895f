#include "plugins/sentry_review/source/exchange.hpp"

#include <set>

#include "plugins/sentry_review/read/fields.hpp"
#include "plugins/sentry_review/read/payload.hpp"

namespace daydream::sentry {
namespace {

constexpr std::chrono::milliseconds kPoll{250};
constexpr int kCallTime = 60'000;              // of one request, milliseconds
constexpr int kMostBytes = 16 * 1024 * 1024;   // of one answer
constexpr std::chrono::minutes kPatience{20};  // without any answer: the broker's own limits are far below

Trouble trouble_of_error(const std::string& code, const std::string& message, const Settings& settings) {
  using Kind = Trouble::Kind;
  const std::string said = message.empty() ? "" : " (" + message + ")";
  if (code == "secret_refused") {
    return {Kind::kNotConfigured,
            "the secret " + settings.token +
                " is not there: set it, and name it in the manifest's \"secrets\" and the step's \"secrets\"" + said};
  }
  if (code == "host_refused" || code == "private_address") {
    return {Kind::kNotConfigured, "the manifest does not allow this host: add the host of " + settings.url +
                                      " to \"hosts\" of this step" + said};
  }
  if (code == "cancelled") return {Kind::kCancelled, "the run is stopping"};
  if (code == "tls") return {Kind::kRefused, "the server's certificate is not good" + said};
  // For the rest of the run: to be tried again is of no use.
  if (code == "host_failing") return {Kind::kRefused, "the server failed again and again" + said};
  if (code == "too_large") return {Kind::kRefused, "an answer was too large" + said};
  if (code == "redirects") return {Kind::kRefused, "the server sends us elsewhere again and again" + said};
  if (code == "bad_request") return {Kind::kRefused, "the request was refused by the broker" + said};
  return {Kind::kLater, "the server could not be reached: " + (code.empty() ? "unknown error" : code) + said};
}

}  // namespace

Trouble trouble_of_status(int status, std::string_view body, const Settings& settings) {
  using Kind = Trouble::Kind;
  const std::string detail = error_detail(body);
  const std::string said = " (" + std::to_string(status) + (detail.empty() ? "" : ": " + detail) + ")";
  switch (status) {
    case 400:
    case 405:
    case 406:
    case 422:
      return {Kind::kUnsupported, "the server does not take this question" + said};
    case 401:
      return {Kind::kRefused, "the server refuses the token" + said +
                                  ": put a user or integration token with event:read, project:read, org:read into " +
                                  settings.token};
    case 402:
    case 403:
      return {Kind::kRefused,
              "the token may not read issues" + said +
                  ": it needs event:read, project:read and org:read (an org:ci token has none of them)"};
    case 404:
    case 410:
      return {Kind::kRefused,
              "the server knows no organization \"" + settings.organization + "\" that this token may see" + said};
    case 408:
    case 425:
    case 429:
      return {Kind::kLater, "the server asks for patience" + said};
    default:
      break;
  }
  if (status >= 500) return {Kind::kLater, "the server failed" + said};
  if (status >= 300 && status < 400)
    return {Kind::kRefused,
            "the server sends us elsewhere" + said + ": set \"url\" to where the organization lives now"};
  return {Kind::kRefused, "the server's answer is not understood" + said};
}

std::optional<Trouble> Exchange::submit(std::uint64_t ticket, const std::string& path) {
  if (!http_.present())
    return Trouble{Trouble::Kind::kRefused,
                   "this Daydream has no HTTP service: update it, or read saved pages with \"source\""};
  json::Writer out;
  out.begin_object().field("method", "GET").field("url", settings_.url + "/api/0" + path);
  out.key("headers").begin_object().field("Accept", "application/json");
  out.field("Authorization", "Bearer ${" + settings_.token + "}").end_object();
  out.field("timeout_ms", kCallTime).field("max_bytes", kMostBytes).field("attempts", 5).field("redirects", 3);
  out.field("rate_per_second", settings_.rate).field("concurrency", settings_.concurrency).end_object();
  auto submitted = http_.submit(ticket, out.take(), "");
  if (submitted) return std::nullopt;
  const auto kind =
      submitted.error().kind() == ErrorKind::kCancelled ? Trouble::Kind::kCancelled : Trouble::Kind::kRefused;
  return Trouble{kind, clean(submitted.error().message(), 300)};
}

Asked<Answer> Exchange::read(const sdk::Http::Response& response) const {
  Asked<Answer> asked;
  json::ParseOptions options;
  options.positions = false;
  auto parsed = json::Text::parse(response.json, options);
  if (!parsed || !parsed->root().IsObject()) {
    asked.trouble = Trouble{Trouble::Kind::kLater, "the broker's answer cannot be read"};
    return asked;
  }
  const json::Value& root = parsed->root();
  if (const std::string code = json::get_string(root, "error"); !code.empty()) {
    asked.trouble = trouble_of_error(code, clean(json::get_string(root, "message"), 200), settings_);
    return asked;
  }
  asked.value.status = static_cast<int>(json::get_int(root, "status"));
  if (const json::Value* headers = object_member(root, "headers"))
    asked.value.link = json::get_string(*headers, "link");
  asked.value.body = std::string(response.body);
  if (asked.value.status < 200 || asked.value.status > 299)
    asked.trouble = trouble_of_status(asked.value.status, response.body, settings_);
  return asked;
}

Asked<Answer> Exchange::wait(std::uint64_t& ticket) {
  Asked<Answer> asked;
  const auto begun = std::chrono::steady_clock::now();
  while (!run_.cancelled()) {
    auto response = http_.poll(kPoll);
    if (response) {
      ticket = response->ticket;
      return read(*response);
    }
    if (response.error().kind() == ErrorKind::kCancelled) break;
    if (response.error().kind() != ErrorKind::kNotFound) {
      asked.trouble = Trouble{Trouble::Kind::kLater, clean(response.error().message(), 300)};
      return asked;
    }
    run_.progress(0, 0, "waiting for the server");
    if (std::chrono::steady_clock::now() - begun > kPatience) {
      asked.trouble = Trouble{Trouble::Kind::kLater, "no answer came"};
      return asked;
    }
  }
  asked.trouble = Trouble{Trouble::Kind::kCancelled, "the run is stopping"};
  return asked;
}

Asked<Answer> Exchange::get(const std::string& path) {
  Asked<Answer> asked;
  const std::uint64_t mine = ++ticket_;
  asked.trouble = submit(mine, path);
  if (asked.trouble) return asked;
  for (;;) {
    std::uint64_t ticket = 0;
    asked = wait(ticket);
    // An answer to a request that was given up before is nobody's.
    if (ticket == mine || ticket == 0) return asked;
  }
}

void Exchange::get_all(const Next& next, const Each& each) {
  std::map<std::uint64_t, std::uint64_t> under_way;  // ticket -> n
  std::uint64_t n = 0;
  for (;;) {
    while (under_way.size() < static_cast<std::size_t>(settings_.concurrency)) {
      const std::string path = next(n);
      if (path.empty()) break;
      const std::uint64_t ticket = ++ticket_;
      if (auto trouble = submit(ticket, path)) {
        if (!each(n++, {{}, trouble})) return;
        continue;
      }
      under_way[ticket] = n++;
    }
    if (under_way.empty()) return;
    std::uint64_t ticket = 0;
    auto asked = wait(ticket);
    if (ticket == 0) {
      each(under_way.begin()->second, std::move(asked));
      return;
    }
    const auto found = under_way.find(ticket);
    if (found == under_way.end()) continue;
    const std::uint64_t which = found->second;
    under_way.erase(found);
    if (!each(which, std::move(asked))) return;
  }
}

}  // namespace daydream::sentry
