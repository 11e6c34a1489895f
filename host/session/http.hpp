// "daydream.http/1" on the host's side: requests of the worker to the broker, answers to its polls.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>

#include "frames/channel.hpp"
#include "frames/http_messages.hpp"
#include "frames/messages.hpp"
#include "session/remote.hpp"
#include "session/session.hpp"

namespace daydream::session {

class Http {
 public:
  // The broker forgets the step before.
  Http(const Options& options, Remote& remote);

  // kHttpSubmit or kHttpPoll; kInvalid: the frame is not ours.
  Result<void> take(const frames::Frame& frame);
  // Moves requests and answers; an error is the host's own.
  Result<void> pump();
  void cancel();  // whatever is under way, and whatever still comes

  struct Due {
    std::uint32_t ticket = 0;
    frames::Reply reply;
  };
  // The reply to the worker's poll, as soon as there is one.
  std::optional<Due> due_reply();

  // For poll().
  [[nodiscard]] int descriptor() const;
  [[nodiscard]] short events() const;
  [[nodiscard]] Milliseconds patience(Milliseconds at_most) const;

 private:
  using SteadyClock = std::chrono::steady_clock;
  struct Poll {
    std::uint32_t ticket = 0;
    SteadyClock::time_point until;
  };
  void refuse(std::uint64_t ticket, const char* code, const char* words);

  const Options& options_;
  Remote& remote_;
  std::uint64_t next_id_ = 0;
  std::map<std::uint64_t, std::uint64_t> tickets_;  // of the worker, by our id
  std::deque<frames::HttpAnswer> ready_;
  std::size_t ready_bytes_ = 0;
  std::optional<Poll> poll_;
  bool cancelled_ = false;
};

}  // namespace daydream::session
