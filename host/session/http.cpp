#include "session/http.hpp"

#include <algorithm>

#include "daydream/abi.h"
#include "daydream/kit/json.hpp"

namespace daydream::session {
namespace {

constexpr std::size_t kMostAnswers = 64;
constexpr std::size_t kMostBytes = std::size_t{8} << 20;
constexpr std::size_t kMostReady = std::size_t{32} << 20;
constexpr std::uint32_t kLongestPoll = 60'000;

}  // namespace

Http::Http(const Options& options, Remote& remote) : options_(options), remote_(remote) {
  if (options_.broker != nullptr) options_.broker->begin(options_.http);
}

Result<void> Http::take(const frames::Frame& frame) {
  if (frame.type == static_cast<std::uint16_t>(frames::Type::kHttpPoll)) {
    auto poll = frames::HttpPoll::decode(frame.body);
    if (!poll) return std::move(poll.error());
    const std::chrono::milliseconds wait(std::min(poll->timeout_ms, kLongestPoll));
    poll_ = Poll{frame.ticket, SteadyClock::now() + wait};
    return {};
  }
  auto submit = frames::HttpSubmit::decode(frame.body);
  if (!submit) return std::move(submit.error());
  if (tickets_.size() >= 2 * broker::kMaxOutstanding)
    return Error(ErrorKind::kInvalid, "submitted more requests than may be under way");
  if (cancelled_) {
    refuse(submit->ticket, "cancelled", "the run is stopping");
  } else if (options_.broker == nullptr) {
    refuse(submit->ticket, "host_refused", "no request is made here");
  } else {
    tickets_.emplace(++next_id_, submit->ticket);
    options_.broker->submit(next_id_, submit->request, submit->body);
  }
  return {};
}

void Http::refuse(std::uint64_t ticket, const char* code, const char* words) {
  json::Writer writer;
  writer.begin_object().field("error", code).field("message", words).field("attempts", 0).end_object();
  ready_.push_back({ticket, writer.take(), ""});
}

Result<void> Http::pump() {
  if (auto sent = remote_.pump(); !sent) return sent;
  if (options_.broker == nullptr) return {};
  options_.broker->pump();
  while (ready_bytes_ < kMostReady) {
    auto answer = options_.broker->take();
    if (!answer) break;
    if ((answer->id & Remote::kIdBit) != 0) {
      if (auto recorded = remote_.answered(*answer); !recorded) return recorded;
      if (auto sent = remote_.pump(); !sent) return sent;
      continue;
    }
    const auto ticket = tickets_.find(answer->id);
    if (ticket == tickets_.end()) continue;
    ready_bytes_ += answer->json.size() + answer->body.size();
    ready_.push_back({ticket->second, std::move(answer->json), std::move(answer->body)});
    tickets_.erase(ticket);
  }
  return {};
}

void Http::cancel() {
  cancelled_ = true;
  remote_.stop();
  if (options_.broker != nullptr) options_.broker->cancel_all();
}

std::optional<Http::Due> Http::due_reply() {
  if (!poll_) return std::nullopt;
  Due due{poll_->ticket, {}};
  // Once the run is stopping no answer is told from a request that was broken off: none is given.
  if (ready_.empty() || cancelled_) {
    if (!cancelled_ && SteadyClock::now() < poll_->until) return std::nullopt;
    poll_.reset();
    due.reply.status = cancelled_ ? DD_CANCELLED : DD_NOT_FOUND;
    return due;
  }
  poll_.reset();
  frames::HttpAnswers answers;
  for (std::size_t bytes = 0; !ready_.empty() && answers.items.size() < kMostAnswers && bytes < kMostBytes;) {
    const std::size_t size = ready_.front().json.size() + ready_.front().body.size();
    bytes += size;
    ready_bytes_ -= std::min(ready_bytes_, size);
    answers.items.push_back(std::move(ready_.front()));
    ready_.pop_front();
  }
  due.reply.body = answers.encode();
  return due;
}

int Http::descriptor() const {
  return options_.broker == nullptr ? -1 : options_.broker->descriptor();
}

short Http::events() const {
  return options_.broker == nullptr ? static_cast<short>(0) : options_.broker->events();
}

Milliseconds Http::patience(Milliseconds at_most) const {
  if (!poll_) return at_most;
  if (!ready_.empty() || cancelled_) return Milliseconds(0);
  const auto left = std::chrono::ceil<Milliseconds>(poll_->until - SteadyClock::now());
  return std::clamp(left, Milliseconds(0), at_most);
}

}  // namespace daydream::session
