#include "session/http.hpp"

#include <algorithm>

#include "daydream/abi.h"
#include "daydream/kit/json.hpp"

namespace daydream::session {
namespace {

constexpr std::size_t kMostAnswers = 64;
constexpr std::size_t kMostBytes = std::size_t{8} << 20;
constexpr std::uint32_t kLongestPoll = 60'000;

}  // namespace

Http::Http(const Options& options) : options_(options) {
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
  refused_.push_back({ticket, writer.take(), ""});
}

void Http::pump() {
  if (options_.broker != nullptr) options_.broker->pump();
}

void Http::cancel() {
  cancelled_ = true;
  if (options_.broker != nullptr) options_.broker->cancel_all();
}

bool Http::has_answer() const {
  return !refused_.empty() || (options_.broker != nullptr && options_.broker->has_answer());
}

std::optional<Http::Due> Http::due_reply() {
  if (!poll_) return std::nullopt;
  Due due{poll_->ticket, {}};
  if (!has_answer()) {
    if (!cancelled_ && SteadyClock::now() < poll_->until) return std::nullopt;
    poll_.reset();
    due.reply.status = cancelled_ ? DD_CANCELLED : DD_NOT_FOUND;
    return due;
  }
  poll_.reset();
  frames::HttpAnswers answers;
  answers.items = std::move(refused_);
  refused_.clear();
  for (std::size_t bytes = 0; options_.broker != nullptr && answers.items.size() < kMostAnswers && bytes < kMostBytes;) {
    auto answer = options_.broker->take();
    if (!answer) break;
    const auto ticket = tickets_.find(answer->id);
    if (ticket == tickets_.end()) continue;
    bytes += answer->json.size() + answer->body.size();
    answers.items.push_back({ticket->second, std::move(answer->json), std::move(answer->body)});
    tickets_.erase(ticket);
  }
  due.reply.status = answers.items.empty() ? DD_NOT_FOUND : DD_OK;
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
  if (has_answer()) return Milliseconds(0);
  const auto left = std::chrono::ceil<Milliseconds>(poll_->until - SteadyClock::now());
  return std::clamp(left, Milliseconds(0), at_most);
}

}  // namespace daydream::session
