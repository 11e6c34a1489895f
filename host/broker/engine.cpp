#include "broker/engine.hpp"

#include <poll.h>

#include <algorithm>

#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::broker {
namespace {

constexpr int kMostRunning = 64;
constexpr milliseconds kLookAgain{250};

milliseconds since(TimePoint begun) {
  return std::chrono::duration_cast<milliseconds>(SteadyClock::now() - begun);
}

std::int64_t unix_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool is_credential(const std::string& name) {
  const std::string lower = text::to_lower_ascii(name);
  return lower == "authorization" || lower.find("token") != std::string::npos ||
         lower.find("api-key") != std::string::npos || lower.find("apikey") != std::string::npos;
}

// Failures that another try may not have.
bool retry_failure(const std::string& code) {
  return code == "timeout" || code == "connect" || code == "resolve";
}

// Failures of the host, whatever was asked of it.
bool is_outage(const std::string& code) {
  return retry_failure(code) || code == "tls" || code == "protocol";
}

bool is_outage(int status) {
  return status >= 500 && retry_status(status);
}

}  // namespace

Engine::~Engine() {
  if (curl_ == nullptr) return;
  for (auto& [number, job] : jobs_) {
    if (job->transfer) release(*job);
  }
  for (CURL* easy : spare_) curl_->easy_cleanup(easy);
  if (multi_ != nullptr) curl_->multi_cleanup(multi_);
}

Result<void> Engine::open() {
  if (multi_ != nullptr) return {};
  auto curl = curl_library();
  if (!curl) return std::move(curl.error());
  curl_ = *curl;
  multi_ = curl_->multi_init();
  if (multi_ == nullptr) return Error(ErrorKind::kRetry, "libcurl has no memory");
  curl_->multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(kMostRunning));
  return {};
}

void Engine::set_policy(Policy policy) {
  policy_ = std::move(policy);
  scrubber_ = Scrubber();
  for (const Secret& secret : policy_.secrets) scrubber_.add(secret.value);
  if (curl_ != nullptr) {
    for (CURL* easy : spare_) curl_->easy_cleanup(easy);
    spare_.clear();
    if (multi_ != nullptr) curl_->multi_cleanup(multi_);
  }
  multi_ = nullptr;
}

ToAscii Engine::to_ascii() const {
  return [curl = curl_](const std::string& host) { return ascii_host(*curl, host); };
}

void Engine::submit(std::uint64_t id, std::string_view request_json, std::string body) {
  auto job = std::make_unique<Job>();
  job->id = id;
  job->begun = SteadyClock::now();
  job->body = std::move(body);
  Job& placed = *job;
  placed.number = ++next_job_;
  jobs_.emplace(placed.number, std::move(job));
  if (auto opened = open(); !opened) return fail(placed, {"connect", opened.error().message()});
  auto request = parse_request(request_json, !placed.body.empty(), to_ascii());
  if (!request) return fail(placed, {"bad_request", request.error().message()});
  placed.request = std::move(*request);
  placed.url = placed.request.url;
  placed.origin_host = placed.url.authority();
  lanes_[placed.origin_host].waiting.push_back(&placed);
  next_due_ = TimePoint{};
}

void Engine::cancel_all() {
  lanes_.clear();
  while (!jobs_.empty()) {
    Job& job = *jobs_.begin()->second;
    if (job.transfer) release(job);
    fail(job, {"cancelled", "the run is stopping"});
  }
}

void Engine::turn() {
  start_due();
  if (running_ == 0) return;
  int still = 0;
  curl_->multi_perform(multi_, &still);
  collect();
  start_due();
}

void Engine::start_due() {
  const TimePoint now = SteadyClock::now();
  if (now < next_due_ || paused_) return;
  next_due_ = TimePoint::max();
  for (auto lane = lanes_.begin(); lane != lanes_.end();) {
    auto& waiting = lane->second.waiting;
    // Those that wait for a retry or a name let others pass; each is looked at once.
    for (std::size_t i = 0; i < waiting.size() && running_ < kMostRunning;) {
      Job& job = *waiting[i];
      if (const std::string* words = breaker_.left_alone(lane->first)) {
        waiting.erase(waiting.begin() + static_cast<std::ptrdiff_t>(i));
        fail(job, {"host_failing", *words});
        continue;
      }
      const TimePoint due = std::max(job.not_before, lane->second.pace.next(job.request));
      if (due == TimePoint::max()) break;
      if (due > now) {
        next_due_ = std::min(next_due_, due);
        if (job.not_before <= now) break;
        ++i;
        continue;
      }
      if (try_start(job, lane->second)) {
        waiting.erase(waiting.begin() + static_cast<std::ptrdiff_t>(i));
        continue;
      }
      next_due_ = std::min(next_due_, now + kLookAgain);  // a resolver may never answer
      ++i;
    }
    const bool forget = waiting.empty() && lane->second.pace.idle() && lane->second.pace.next(Request()) <= now;
    lane = forget ? lanes_.erase(lane) : std::next(lane);
  }
}

// True: it left the queue.
bool Engine::try_start(Job& job, Lane& lane) {
  std::vector<Address> addresses;
  std::vector<std::string> headers;
  bool resolving = false;
  auto refusal = check(job, addresses, resolving);
  if (resolving) return false;
  if (!refusal) refusal = make_headers(job, addresses, headers);
  if (refusal && refusal->code == "resolve" && ++job.attempts < job.request.attempts) {
    job.not_before = SteadyClock::now() + pause_before(job);
    next_due_ = std::min(next_due_, job.not_before);
    return false;
  }
  if (refusal && refusal->code == "resolve") count_failure(job, refusal->message);
  if (refusal)
    fail(job, *refusal);
  else
    begin(job, lane, std::move(addresses), std::move(headers));
  return true;
}

std::optional<Refusal> Engine::check(Job& job, std::vector<Address>& addresses, bool& resolving) {
  if (auto refusal = check_host(policy_, job.url)) return refusal;
  if (job.url.literal) {
    const auto address = parse_address(job.url.host);
    if (!address) return Refusal{"bad_request", "no address: " + job.url.host};
    addresses.push_back(*address);
  } else {
    auto resolved = resolver_.find(job.url.host, SteadyClock::now());
    resolving = !resolved;
    if (resolving) {
      if (since(job.begun) < job.request.timeout + milliseconds(60'000) * job.attempts) return std::nullopt;
      resolving = false;
      return Refusal{"resolve", job.url.host + ": the resolver does not answer"};
    }
    if (resolved->addresses.empty()) return Refusal{"resolve", job.url.host + ": " + resolved->error};
    addresses = std::move(resolved->addresses);
  }
  for (const Address& address : addresses) {
    if (auto refusal = check_address(policy_, job.url, address)) return refusal;
  }
  return std::nullopt;
}

std::optional<Refusal> Engine::make_headers(const Job& job, const std::vector<Address>& addresses,
                                            std::vector<std::string>& lines) const {
  bool secret = false;
  for (const auto& [name, value] : job.request.headers) {
    if (job.bare && (is_credential(name) || value.find("${") != std::string::npos)) continue;
    Refusal refusal;
    auto expanded = expand(policy_, job.url, value, refusal);
    if (!expanded) return refusal;
    secret = secret || expanded->has_secret;
    // libcurl sends an empty value only in this form.
    lines.push_back(expanded->text.empty() ? name + ";" : name + ": " + expanded->text);
  }
  return secret ? check_secret_way(job.url, addresses) : std::nullopt;
}

void Engine::begin(Job& job, Lane& lane, std::vector<Address> addresses, std::vector<std::string> headers) {
  CURL* easy = nullptr;
  if (spare_.empty()) {
    easy = curl_->easy_init();
  } else {
    easy = spare_.back();
    spare_.pop_back();
  }
  if (easy == nullptr) return fail(job, {"connect", "libcurl has no memory"});
  job.transfer = std::make_unique<Transfer>(*curl_, easy);
  ++running_;
  lane.pace.started(SteadyClock::now(), job.request);
  ++job.attempts;
  const bool ready =
      job.transfer->prepare({job.request.method, job.url, std::move(headers), job.body, job.request.timeout,
                             job.request.max_bytes, std::move(addresses), options_.certificates});
  curl_->easy_setopt(easy, CURLOPT_PRIVATE, static_cast<void*>(&job));
  if (ready && curl_->multi_add_handle(multi_, easy) == CURLM_OK) return;
  release(job);
  fail(job, {"connect", "libcurl has no memory"});
}

void Engine::collect() {
  int left = 0;
  while (const CURLMsg* message = curl_->multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    void* owner = nullptr;
    curl_->easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &owner);
    ended(*static_cast<Job*>(owner), message->data.result);
  }
}

void Engine::release(Job& job) {
  CURL* const easy = job.transfer->handle();
  curl_->multi_remove_handle(multi_, easy);
  job.transfer.reset();
  spare_.push_back(easy);
  --running_;
  next_due_ = TimePoint{};
  const auto lane = lanes_.find(job.origin_host);
  if (lane != lanes_.end()) lane->second.pace.ended();
}

void Engine::ended(Job& job, CURLcode result) {
  Transfer& transfer = *job.transfer;
  std::string words;
  const std::string code = transfer.failure(result, words);
  job.sent = job.sent || transfer.sent();
  const int status = transfer.status();
  Headers headers = transfer.take_headers();
  std::string body = transfer.take_body();
  release(job);
  if (code.empty()) return answered(job, status, std::move(headers), std::move(body));
  if (retry_failure(code) && job.request.idempotent() && job.attempts < job.request.attempts)
    return again(job, pause_before(job));
  if (is_outage(code)) count_failure(job, words);
  fail(job, {code, job.url.authority() + ": " + words});
}

void Engine::answered(Job& job, int status, Headers headers, std::string body) {
  const auto wanted = wanted_wait(status, headers, unix_seconds());
  if (wanted) {
    const auto lane = lanes_.find(job.origin_host);
    if (lane != lanes_.end()) lane->second.pace.hold(SteadyClock::now() + std::min(*wanted, kLongestWait));
  }
  if (!is_outage(status)) breaker_.worked(job.origin_host);
  if (is_redirect(status) && job.request.redirects > 0 && headers.count("location") != 0) {
    if (follow(job, status, headers)) return;
  }
  const bool may = retry_status(status) && job.request.idempotent() && job.attempts < job.request.attempts;
  // Asked to stay away for longer than a step can wait: its own answer says for how long.
  if (may && wanted.value_or(milliseconds(0)) <= kLongestWait)
    return again(job, std::max(wanted.value_or(milliseconds(0)), pause_before(job)));
  // Many servers answer HEAD with an error and GET as they should.
  if (is_outage(status) && job.request.method != "HEAD") count_failure(job, "status " + std::to_string(status));
  finish(job, status, std::move(headers), std::move(body));
}

bool Engine::follow(Job& job, int status, const Headers& headers) {
  const std::string& location = headers.at("location");
  if (++job.redirects > job.request.redirects) {
    fail(job, {"redirects", "more than " + std::to_string(job.request.redirects) + " redirects"});
    return true;
  }
  auto next = resolve_url(job.url, location, to_ascii());
  if (!next) {
    fail(job, {"redirects", "redirected to no proper URL: " + next.error().message()});
    return true;
  }
  if (job.url.https && !next->https) {
    fail(job, {"redirects", "redirected from https to plain http, to " + next->authority()});
    return true;
  }
  job.bare = job.bare || !job.url.same_origin(*next);
  job.url = std::move(*next);
  const std::string& method = job.request.method;
  if ((status == 303 && method != "HEAD") || ((status == 301 || status == 302) && method == "POST")) {
    job.request.method = "GET";
    job.body.clear();
    std::erase_if(job.request.headers,
                  [](const auto& header) { return text::to_lower_ascii(header.first).starts_with("content-"); });
  }
  job.origin_host = job.url.authority();
  --job.attempts;  // a hop is no other try
  lanes_[job.origin_host].waiting.push_front(&job);
  next_due_ = TimePoint{};
  return true;
}

milliseconds Engine::pause_before(const Job& job) {
  const double jitter = std::uniform_real_distribution<double>(0, 1)(random_);
  return back_off(options_.first_back_off, std::max(job.attempts, 1), jitter);
}

void Engine::again(Job& job, milliseconds wait) {
  job.not_before = SteadyClock::now() + wait;
  lanes_[job.origin_host].waiting.push_back(&job);
  next_due_ = TimePoint{};
}

void Engine::count_failure(const Job& job, std::string why) {
  scrubber_.scrub(why);  // other steps are told, who have other secrets
  if (!breaker_.failed(job.origin_host, why)) return;
  notices_.push_back(*breaker_.left_alone(job.origin_host));
  next_due_ = TimePoint{};  // what waits for it is answered now
}

void Engine::finish(Job& job, int status, Headers headers, std::string body) {
  headers.erase("set-cookie");
  if (headers.erase("content-encoding") != 0) headers.erase("content-length");  // of what we have decoded
  json::Writer writer;
  writer.begin_object().field("status", status).key("headers").begin_object();
  for (const auto& [name, value] : headers) writer.field(name, value);
  writer.end_object().field("url", job.url.to_string()).field("attempts", job.attempts);
  writer.field("elapsed_ms", static_cast<std::int64_t>(since(job.begun).count())).end_object();
  push(job, writer.take(), std::move(body));
}

void Engine::fail(Job& job, const Refusal& why) {
  json::Writer writer;
  writer.begin_object().field("error", why.code).field("message", why.message);
  writer.field("attempts", job.attempts).end_object();
  push(job, writer.take(), "");
}

void Engine::push(Job& job, std::string json, std::string body) {
  if (!scrubber_.empty()) {
    scrubber_.scrub(json);
    scrubber_.scrub(body);
  }
  answers_.push_back({job.id, std::move(json), std::move(body), job.sent});
  jobs_.erase(job.number);
}

std::optional<Answer> Engine::take() {
  if (answers_.empty()) return std::nullopt;
  Answer answer = std::move(answers_.front());
  answers_.pop_front();
  return answer;
}

std::optional<std::string> Engine::take_notice() {
  if (notices_.empty()) return std::nullopt;
  std::string words = std::move(notices_.front());
  notices_.pop_front();
  return words;
}

void Engine::wait(int descriptor, short events, milliseconds at_most) {
  if (!answers_.empty()) return;
  if (!paused_ && next_due_ != TimePoint::max()) {
    const auto left = std::chrono::ceil<milliseconds>(next_due_ - SteadyClock::now());
    at_most = std::clamp(left, milliseconds(0), at_most);
  }
  if (multi_ == nullptr) {
    pollfd entry{descriptor, events, 0};
    ::poll(&entry, 1, static_cast<int>(at_most.count()));
    return;
  }
  curl_waitfd extra[2] = {};
  extra[0].fd = descriptor;
  extra[0].events = static_cast<short>(((events & POLLIN) != 0 ? CURL_WAIT_POLLIN : 0) |
                                       ((events & POLLOUT) != 0 ? CURL_WAIT_POLLOUT : 0));
  extra[1].fd = resolver_.descriptor();
  extra[1].events = CURL_WAIT_POLLIN;
  curl_->multi_poll(multi_, extra, 2, static_cast<int>(at_most.count()), nullptr);
  if (extra[1].revents != 0) {
    resolver_.clear_wakeup();
    next_due_ = TimePoint{};
  }
}

}  // namespace daydream::broker
