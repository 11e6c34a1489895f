#include "session/session.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

#include "base/masking.hpp"
#include "daydream/abi.h"
#include "daydream/kit/text.hpp"
#include "frames/channel.hpp"
#include "log/log.hpp"
#include "session/http.hpp"
#include "session/orphans.hpp"
#include "session/output.hpp"
#include "session/requests.hpp"
#include "session/transactions.hpp"
#include "session/verdict.hpp"
#include "session/watchdog.hpp"

namespace daydream::session {

namespace {

constexpr Milliseconds kTick{200};
constexpr int kFramesInARow = 2'000;
constexpr Milliseconds kLastWords{2'000};  // for the process to end once it said it is done

class Session {
 public:
  explicit Session(Options options)
      : options_(std::move(options)),
        remote_(options_),
        transactions_(options_, remote_),
        requests_(options_),
        http_(options_, remote_),
        watchdog_({.timeout = options_.limits.timeout, .idle_timeout = options_.limits.idle_timeout}, now()),
        verdict_(options_.step_id) {}

  Result<Outcome> run();

 private:
  Milliseconds now() const { return options_.clock->monotonic(); }
  Result<void> start();
  Result<void> loop();
  Result<bool> drain();
  Result<void> wait_for_something();
  Result<void> answer_http();
  Result<void> handle_settled(const frames::Frame& frame);
  Result<void> finish_remote();
  void watch();
  Result<void> handle(const frames::Frame& frame);
  Result<void> handle_commit(const frames::Frame& frame);
  Result<void> reply(std::uint32_t ticket, const frames::Reply& reply);
  void handle_progress(std::string_view body);
  void finish();
  void end_orphans();
  const std::string& source() const { return options_.step_id; }

  Options options_;
  Orphans orphans_;
  Remote remote_;
  Transactions transactions_;
  Requests requests_;
  Http http_;
  Watchdog watchdog_;
  std::unique_ptr<Worker> worker_;
  std::unique_ptr<frames::Channel> channel_;
  std::unique_ptr<WorkerOutput> output_;
  Verdict verdict_;
  StepProgress progress_;
  bool gone_ = false;   // the peer closed the socket, or its process has ended
  bool ended_ = false;  // its process has ended
};

Result<void> Session::start() {
  if (auto resumed = transactions_.resume(); !resumed) return resumed;
  if (auto resumed = remote_.resume(); !resumed) return resumed;
  auto& start = options_.start;
  start.next_finding = transactions_.next_finding();
  auto checkpoint = options_.store->checkpoint(options_.run_id, options_.step_id);
  if (!checkpoint) return std::move(checkpoint.error());
  if (*checkpoint) {
    start.has_checkpoint = true;
    start.checkpoint_schema = (*checkpoint)->schema;
    start.checkpoint = (*checkpoint)->bytes;
  }
  auto worker = options_.launcher();
  if (!worker) return std::move(worker.error());
  worker_ = std::move(*worker);
  channel_ = std::make_unique<frames::Channel>(worker_->take_channel());
  output_ = std::make_unique<WorkerOutput>(worker_->output_descriptor(), source());
  progress_ = {options_.step_id, options_.number, options_.total_steps, 0, 0, ""};
  if (options_.progress != nullptr) options_.progress->step_started(progress_);
  // A worker that is gone already is judged by its exit, not by this.
  (void)channel_->send({static_cast<std::uint16_t>(frames::Type::kStart), 0, start.encode()}, Milliseconds(10'000))
      .ok();
  return {};
}

Result<Outcome> Session::run() {
  if (auto started = start(); !started) return std::move(started.error());
  if (auto looped = loop(); !looped) return std::move(looped.error());
  if (auto settled = finish_remote(); !settled) return std::move(settled.error());
  finish();
  return verdict_.take(transactions_.commits());
}

Result<void> Session::loop() {
  while (!verdict_.spoken() && !gone_) {
    if (auto waited = wait_for_something(); !waited) return waited;
    output_->read();
    auto drained = drain();
    if (!drained) return std::move(drained.error());
    if (auto answered = answer_http(); !answered) return answered;
    // Its socket may live on in a child it left behind; all it said itself has been read.
    if (ended_ && *drained) gone_ = true;
    watch();
  }
  return {};
}

Result<void> Session::wait_for_something() {
  if (channel_->buffered()) return {};
  std::array<pollfd, 5> polled{{{channel_->descriptor(), POLLIN, 0},
                                {worker_->exit_descriptor(), POLLIN, 0},
                                {output_->descriptor(), POLLIN, 0},
                                {watchdog_.reason() == Reason::kNone ? options_.stop_descriptor : -1, POLLIN, 0},
                                {http_.descriptor(), http_.events(), 0}}};
  const int ready = poll(polled.data(), polled.size(), static_cast<int>(http_.patience(kTick).count()));
  if (ready < 0 && errno != EINTR) return Error::from_errno(errno, "wait for the worker of " + source());
  if (ready > 0 && (polled[1].revents & POLLIN) != 0) ended_ = true;
  return {};
}

// What lies in the socket, also the last words of a worker that has ended; true: all of it. Never more than a
// watchdog can wait for: a plugin may send faster than we read.
Result<bool> Session::drain() {
  for (int frames = 0; !verdict_.spoken() && frames < kFramesInARow; ++frames) {
    auto frame = channel_->receive(Milliseconds(0));
    if (!frame) {
      if (frame.error().kind() == ErrorKind::kCancelled)
        gone_ = true;
      else
        verdict_.broke("sent bytes that are no frame: " + frame.error().message());
      return true;
    }
    if (!*frame) return true;
    if (auto handled = handle(**frame); !handled) return std::move(handled.error());
  }
  return verdict_.spoken();
}

// A poll of the worker that can be answered now.
Result<void> Session::answer_http() {
  if (auto pumped = http_.pump(); !pumped) return pumped;
  auto answer = http_.due_reply();
  if (!answer) return {};
  watchdog_.on_progress(now());
  return reply(answer->ticket, answer->reply);
}

Result<void> Session::handle_settled(const frames::Frame& frame) {
  const auto settled = remote_.settled(frame.body);
  frames::Reply answer;
  answer.status = settled ? DD_OK : DD_NOT_FOUND;
  if (settled) answer.body = settled->encode();
  return reply(frame.ticket, answer);
}

// What the step has intended is sent before it counts as ended, also where it failed behind its commit; only a
// stop leaves it for the next start.
Result<void> Session::finish_remote() {
  const Milliseconds deadline = now() + options_.limits.timeout;
  const auto stop = [this] { return options_.stop_requested && options_.stop_requested(); };
  while (!remote_.quiet() && !stop() && now() < deadline) {
    if (auto pumped = http_.pump(); !pumped) return pumped;
    if (remote_.quiet()) break;
    std::array<pollfd, 2> polled{{{http_.descriptor(), http_.events(), 0}, {options_.stop_descriptor, POLLIN, 0}}};
    if (poll(polled.data(), polled.size(), static_cast<int>(kTick.count())) < 0 && errno != EINTR)
      return Error::from_errno(errno, "wait for the remote changes of " + source());
  }
  http_.cancel();
  if (remote_.unfinished()) verdict_.remote_unfinished(stop());
  return {};
}

void Session::watch() {
  if (options_.on_tick) options_.on_tick();
  const bool stop = options_.stop_requested && options_.stop_requested();
  switch (watchdog_.tick(now(), stop)) {
    case Order::kNothing:
      break;
    case Order::kCancel:
      log::info(source(), "stopping: " + watchdog_.words());
      (void)channel_->send({static_cast<std::uint16_t>(frames::Type::kCancel), 0, ""}, Milliseconds(100)).ok();
      http_.cancel();
      break;
    case Order::kTerminate:
      log::warning(source(), "did not stop when asked; sending SIGTERM");
      worker_->signal(SIGTERM);
      break;
    case Order::kKill:
      log::warning(source(), "did not stop on SIGTERM; killing it");
      worker_->signal(SIGKILL);
      gone_ = true;
      break;
  }
}

Result<void> Session::handle(const frames::Frame& frame) {
  switch (static_cast<frames::Type>(frame.type)) {
    case frames::Type::kReady:
      if (verdict_.ready(frame.body)) watchdog_.on_progress(now());
      return {};
    case frames::Type::kHeartbeat:
      watchdog_.on_heartbeat(now());
      return {};
    case frames::Type::kLog:
      verdict_.log(frame.body);
      return {};
    case frames::Type::kProgress:
      handle_progress(frame.body);
      return {};
    case frames::Type::kExplain:
      verdict_.explain(frame.body);
      return {};
    case frames::Type::kPrint:
      if (options_.print) options_.print(frame.body);
      return {};
    case frames::Type::kDone:
      verdict_.done(frame.body, watchdog_.reason());
      return {};
    case frames::Type::kCommit:
      return handle_commit(frame);
    case frames::Type::kHttpSettled:
      return handle_settled(frame);
    case frames::Type::kHttpReconciled: {
      auto recorded = remote_.reconciled(frame.body);
      if (recorded) return reply(frame.ticket, {});
      if (recorded.error().kind() != ErrorKind::kInvalid) return recorded;
      verdict_.broke(recorded.error().message());
      return {};
    }
    case frames::Type::kHttpSubmit:
    case frames::Type::kHttpPoll:
      if (auto taken = http_.take(frame); !taken) verdict_.broke(taken.error().message());
      return {};
    default:
      break;
  }
  auto answer = requests_.answer(frame);
  if (!answer) {
    if (answer.error().kind() != ErrorKind::kInvalid) return std::move(answer.error());
    verdict_.broke(answer.error().message());
    return {};
  }
  if (!*answer) {
    verdict_.broke("sent a frame of unknown type " + std::to_string(frame.type));
    return {};
  }
  return reply(frame.ticket, **answer);
}

Result<void> Session::handle_commit(const frames::Frame& frame) {
  std::string why;
  auto status = transactions_.commit(frame.body, &why);
  if (!status) {
    if (status.error().kind() != ErrorKind::kInvalid) return std::move(status.error());
    verdict_.broke(status.error().message());
    return {};
  }
  if (!why.empty()) log::warning(source(), "a transaction was refused: " + why);
  watchdog_.on_progress(now());
  frames::Reply answer;
  answer.status = *status;
  return reply(frame.ticket, answer);
}

Result<void> Session::reply(std::uint32_t ticket, const frames::Reply& reply) {
  frames::Frame frame{static_cast<std::uint16_t>(frames::Type::kReply), ticket, reply.encode()};
  auto sent = channel_->send(frame, Milliseconds(30'000));
  if (sent) return {};
  if (sent.error().kind() == ErrorKind::kCancelled)
    gone_ = true;
  else
    verdict_.broke("does not read its replies");
  return {};
}

void Session::handle_progress(std::string_view body) {
  auto progress = frames::Progress::decode(body);
  if (!progress) return verdict_.broke(progress.error().message());
  watchdog_.on_progress(now());
  progress_.done = progress->done;
  progress_.total = progress->total;
  progress_.what = daydream::mask(text::to_utf8(progress->what));
  if (options_.progress != nullptr) options_.progress->step_progress(progress_);
  if (options_.on_progress) options_.on_progress(progress_);
}

void Session::finish() {
  channel_.reset();  // end of file for the worker: whatever it still does, it ends
  auto exit = worker_->wait(verdict_.spoken() ? kLastWords : Milliseconds(500));
  if (!exit) {
    worker_->signal(SIGKILL);
    exit = worker_->wait(kLastWords);
  }
  output_->read();
  verdict_.ended(exit, watchdog_, output_->last_line());
  worker_.reset();
  end_orphans();
}

void Session::end_orphans() {
  const int ended = orphans_.end_all({options_.broker == nullptr ? 0 : options_.broker->pid()});
  if (ended == 0) return;
  const std::string words =
      "left " + std::to_string(ended) + (ended == 1 ? " process" : " processes") + " behind at its end; ended with it";
  verdict_.note(words);
  log::warning(source(), words);
}

}  // namespace

Result<Outcome> run_step(Options options) {
  return Session(std::move(options)).run();
}

}  // namespace daydream::session
