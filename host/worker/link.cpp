#include "worker/link.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "daydream/kit/text.hpp"

namespace daydream::worker {
namespace {

constexpr int kHostGone = 75;
constexpr auto kBeat = std::chrono::seconds(1);
constexpr auto kBetweenProgress = std::chrono::milliseconds(100);
constexpr std::uint32_t kLinesInASecond = 1000;
constexpr std::size_t kLongestLine = 16 << 10;
constexpr std::size_t kLongestWhat = 1 << 10;
constexpr std::size_t kPrintPiece = std::size_t{1} << 20;

}  // namespace

Result<frames::Start> Link::receive_start() {
  auto frame = channel_.receive(std::chrono::minutes(1));
  if (!frame) return std::move(frame.error());
  if (!*frame) return Error(ErrorKind::kRetry, "the host did not say what to run");
  if ((*frame)->type != static_cast<std::uint16_t>(frames::Type::kStart))
    return Error(ErrorKind::kInvalid, "the host did not begin with Start");
  return frames::Start::decode((*frame)->body);
}

bool Link::start() {
  return reader_.start([this] { read_frames(); }) && heart_.start([this] { beat(); });
}

void Link::stop() {
  {
    const std::lock_guard lock(stopping_);
    stopped_ = true;
  }
  stop_.notify_all();
  ::shutdown(channel_.descriptor(), SHUT_RD);  // wakes the reader; what was sent can still be read
  reader_.join();
  heart_.join();
}

void Link::lost() {
  if (own_process_) ::_exit(kHostGone);
  lost_ = true;
  cancelled_ = true;
  const std::lock_guard lock(answering_);
  answered_.notify_all();
}

void Link::send(frames::Type type, std::string body, std::uint32_t ticket) {
  if (lost_) return;
  if (!channel_.send({static_cast<std::uint16_t>(type), ticket, std::move(body)})) lost();
}

void Link::read_frames() {
  while (true) {
    auto frame = channel_.receive(std::chrono::hours(1));
    if (!frame) {
      const std::lock_guard lock(stopping_);
      if (!stopped_) lost();
      return;
    }
    if (!*frame) continue;
    if ((*frame)->type == static_cast<std::uint16_t>(frames::Type::kCancel)) {
      cancelled_ = true;
      continue;
    }
    auto reply = frames::Reply::decode((*frame)->body);
    const std::lock_guard lock(answering_);
    if ((*frame)->type != static_cast<std::uint16_t>(frames::Type::kReply) || (*frame)->ticket != ticket_ || !reply)
      broken_contract("the host sent what the worker did not ask for");
    reply_ = std::move(*reply);
    answered_.notify_all();
  }
}

frames::Reply Link::ask(frames::Type type, std::string body) {
  std::uint32_t ticket = 0;
  {
    const std::lock_guard lock(answering_);
    ticket = ++ticket_;
    reply_.reset();
  }
  send(type, std::move(body), ticket);
  std::unique_lock lock(answering_);
  answered_.wait(lock, [this] { return reply_.has_value() || lost_; });
  if (!reply_) return {DD_CANCELLED, ""};
  return std::move(*reply_);
}

// Also takes along progress that the limit held back, so that a long item shows.
void Link::beat() {
  std::unique_lock lock(stopping_);
  while (!stop_.wait_for(lock, kBeat, [this] { return stopped_; })) {
    lock.unlock();
    send(frames::Type::kHeartbeat, "");
    {
      const std::lock_guard speaking(speaking_);
      if (progress_waits_) send_progress();
      if (SteadyClock::now() - log_second_ >= std::chrono::seconds(1)) say_dropped();
    }
    lock.lock();
  }
}

void Link::log(std::int32_t level, std::string_view message) {
  const std::lock_guard lock(speaking_);
  const auto now = SteadyClock::now();
  if (now - log_second_ >= std::chrono::seconds(1)) {
    say_dropped();
    log_second_ = now;
    log_lines_ = 0;
  }
  if (++log_lines_ > kLinesInASecond) {
    ++log_dropped_;
    return;
  }
  // Cut before it is cleaned: a line of a gigabyte costs nothing.
  std::string line = text::to_utf8(message.substr(0, kLongestLine));
  if (message.size() > kLongestLine)
    line = text::shorten(line, kLongestLine - 64) + " (cut; " + std::to_string(message.size()) + " bytes)";
  send(frames::Type::kLog, frames::Log{std::clamp(level, DD_LOG_DEBUG, DD_LOG_ERROR), std::move(line)}.encode());
}

void Link::say_dropped() {
  if (log_dropped_ == 0) return;
  const std::string message = std::to_string(log_dropped_) + " log lines dropped: more than " +
                              std::to_string(kLinesInASecond) + " in a second";
  log_dropped_ = 0;
  send(frames::Type::kLog, frames::Log{DD_LOG_WARNING, message}.encode());
}

void Link::progress(std::uint64_t done, std::uint64_t total, std::string_view what) {
  const std::lock_guard lock(speaking_);
  progress_.done = done;
  progress_.total = total;
  progress_.what.assign(what.substr(0, kLongestWhat));
  progress_waits_ = true;
  if (SteadyClock::now() - progress_sent_ >= kBetweenProgress) send_progress();
}

void Link::send_progress() {
  progress_waits_ = false;
  progress_sent_ = SteadyClock::now();
  send(frames::Type::kProgress,
       frames::Progress{progress_.done, progress_.total, text::to_utf8(progress_.what)}.encode());
}

void Link::flush() {
  const std::lock_guard lock(speaking_);
  if (progress_waits_) send_progress();
  say_dropped();
}

void Link::explain(std::string_view code, std::string_view message) {
  send(frames::Type::kExplain, frames::Explain{text::shorten(text::to_utf8(code.substr(0, 200)), 100),
                                               text::to_utf8(message.substr(0, kLongestLine))}
                                   .encode());
}

void Link::print(std::string_view bytes) {
  for (; !bytes.empty(); bytes.remove_prefix(std::min(bytes.size(), kPrintPiece)))
    send(frames::Type::kPrint, std::string(bytes.substr(0, kPrintPiece)));
}

// A Log frame by hand, in static memory: the heap may be what went wrong.
void Link::last_words(std::string_view message) noexcept {
  constexpr std::size_t kText = frames::kHeaderSize + 4 + 8;
  static std::array<char, 2048> frame;
  const std::size_t size = std::min(message.size(), frame.size() - kText);
  std::size_t at = 0;
  const auto number = [&at](std::uint64_t value, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i)
      frame[at++] = static_cast<char>(static_cast<unsigned char>(value >> (8 * i)));
  };
  number(4 + 8 + size, 4);
  number(static_cast<std::uint16_t>(frames::Type::kLog), 4);
  number(0, 4);
  number(DD_LOG_ERROR, 4);
  number(size, 8);
  std::copy_n(message.data(), size, frame.data() + at);
  channel_.send_last({frame.data(), at + size});
}

void Link::ready(const frames::Ready& ready) {
  send(frames::Type::kReady, ready.encode());
}

void Link::done(std::int32_t status, std::string_view stage) {
  flush();
  send(frames::Type::kDone, frames::Done{status, std::string(stage)}.encode());
}

}  // namespace daydream::worker
