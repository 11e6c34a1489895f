// The worker's end of the talk with the host: requests answered by ticket, words that need no answer
// (limited in number and size), the heartbeat, and the host's wish to stop.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "daydream/abi.h"
#include "frames/channel.hpp"
#include "frames/messages.hpp"
#include "worker/small_thread.hpp"

namespace daydream::worker {

class Link {
 public:
  // `own_process`: the process ends (exit 75) as soon as the host has gone. Else every request then
  // fails with DD_CANCELLED and cancelled() is true.
  Link(files::Descriptor socket, bool own_process) : own_process_(own_process), channel_(std::move(socket)) {}
  ~Link() { stop(); }

  // Before start(): the first frame, which must be Start.
  Result<frames::Start> receive_start();
  // The threads: one reads, one beats. After confinement, which holds for threads made later.
  bool start();
  void stop();

  // [any thread]
  void log(std::int32_t level, std::string_view message);
  void progress(std::uint64_t done, std::uint64_t total, std::string_view what);
  [[nodiscard]] bool cancelled() const { return cancelled_.load(std::memory_order_relaxed); }
  // [run thread]
  void explain(std::string_view code, std::string_view message);
  void print(std::string_view bytes);
  void ready(const frames::Ready& ready);
  void done(std::int32_t status, std::string_view stage);
  frames::Reply ask(frames::Type type, std::string body);
  void tell(frames::Type type, std::string body) { send(type, std::move(body)); }  // no reply
  // What the limits held back: before a commit and before Done.
  void flush();

  // The last line before abort(): allocates nothing. [any thread]
  void last_words(std::string_view message) noexcept;
  [[nodiscard]] int descriptor() const { return channel_.descriptor(); }

 private:
  using SteadyClock = std::chrono::steady_clock;
  void send(frames::Type type, std::string body, std::uint32_t ticket = 0);
  void lost();
  void read_frames();
  void beat();
  // REQUIRES: speaking_ held.
  void send_progress();
  void say_dropped();

  const bool own_process_;
  frames::Channel channel_;
  std::atomic<bool> cancelled_{false};
  std::atomic<bool> lost_{false};

  std::mutex answering_;
  std::condition_variable answered_;
  std::uint32_t ticket_ = 0;
  std::optional<frames::Reply> reply_;

  std::mutex speaking_;  // guards what follows
  frames::Progress progress_;
  bool progress_waits_ = false;
  SteadyClock::time_point progress_sent_{};
  SteadyClock::time_point log_second_{};
  std::uint32_t log_lines_ = 0;
  std::uint64_t log_dropped_ = 0;

  std::mutex stopping_;
  std::condition_variable stop_;
  bool stopped_ = false;
  SmallThread reader_, heart_;
};

}  // namespace daydream::worker
