#include "frames/channel.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "frames/codec.hpp"

namespace daydream::frames {
namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr std::size_t kChunk = std::size_t{64} << 10;
constexpr std::size_t kLargeBuffer = std::size_t{1} << 20;

Error peer_gone() {
  return {ErrorKind::kCancelled, "the other end of the socket has gone"};
}

// True when the socket is ready (or broken, which the next call will tell) before the deadline.
Result<bool> wait_for(int descriptor, short events, SteadyClock::time_point deadline) {
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - SteadyClock::now()).count();
    pollfd entry{descriptor, events, 0};
    const int ready = ::poll(&entry, 1, static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000)));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return Error::from_errno(errno, "poll");
    if (ready == 0 && left <= 0) return false;
  }
}

std::string encode_header(const Frame& frame) {
  Encoder out;
  out.u32(static_cast<std::uint32_t>(frame.body.size()));
  out.u32(frame.type);  // the high half is the reserved zero
  out.u32(frame.ticket);
  return out.take();
}

// How much was taken; 0 when the socket is full just now.
Result<std::size_t> send_some(int descriptor, std::string_view head, std::string_view body) {
  std::array<iovec, 2> parts{};
  std::size_t count = 0;
  for (std::string_view part : {head, body}) {
    if (!part.empty()) parts.at(count++) = {const_cast<char*>(part.data()), part.size()};
  }
  msghdr message{};
  message.msg_iov = parts.data();
  message.msg_iovlen = count;
  while (true) {
    const ssize_t sent = ::sendmsg(descriptor, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) return static_cast<std::size_t>(sent);
    if (errno == EINTR) continue;
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS) return std::size_t{0};
    if (errno == EPIPE || errno == ECONNRESET) return peer_gone();
    return Error::from_errno(errno, "send");
  }
}

}  // namespace

Result<void> Channel::send(const Frame& frame, std::chrono::milliseconds at_most) {
  if (frame.body.size() > kMaxFrame) return Error(ErrorKind::kInvalid, "a frame is larger than 256 MiB");
  const auto deadline = SteadyClock::now() + at_most;
  const std::lock_guard lock(sending_);
  const std::string head = encode_header(frame);
  std::string_view head_left = head;
  std::string_view body_left = frame.body;
  while (!head_left.empty() || !body_left.empty()) {
    auto sent = send_some(socket_.get(), head_left, body_left);
    if (!sent) return std::move(sent.error());
    const std::size_t of_head = std::min(*sent, head_left.size());
    head_left.remove_prefix(of_head);
    body_left.remove_prefix(*sent - of_head);
    if (*sent > 0) continue;
    auto ready = wait_for(socket_.get(), POLLOUT, deadline);
    if (!ready) return std::move(ready.error());
    if (*ready) continue;
    ::shutdown(socket_.get(), SHUT_RDWR);
    return Error(ErrorKind::kRetry, "the other end of the socket does not take what it is sent");
  }
  return {};
}

void Channel::send_last(std::string_view whole_frame) noexcept {
  constexpr int kTries = 100;
  for (int i = 0; i < kTries; ++i) {
    if (!sending_.try_lock()) {
      ::poll(nullptr, 0, 10);
      continue;
    }
    for (int full = 0; !whole_frame.empty() && full < kTries;) {
      const ssize_t sent = ::send(socket_.get(), whole_frame.data(), whole_frame.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent > 0) whole_frame.remove_prefix(static_cast<std::size_t>(sent));
      if (sent > 0 || errno == EINTR) continue;
      if (errno != EAGAIN) break;
      ++full;
      pollfd entry{socket_.get(), POLLOUT, 0};
      ::poll(&entry, 1, 10);
    }
    sending_.unlock();
    return;
  }
}

std::optional<Channel::Header> Channel::header() const {
  if (unread() < kHeaderSize) return std::nullopt;
  Decoder in(std::string_view(buffer_).substr(begin_, kHeaderSize));
  Header result;
  result.size = in.u32();
  const std::uint32_t type = in.u32();
  result.type = static_cast<std::uint16_t>(type & 0xffffU);
  result.zero = static_cast<std::uint16_t>(type >> 16U);
  result.ticket = in.u32();
  return result;
}

bool Channel::buffered() const {
  const auto head = header();
  return head && unread() - kHeaderSize >= head->size;
}

Result<std::optional<Frame>> Channel::take_buffered() {
  const auto head = header();
  if (!head) return std::optional<Frame>();
  if (head->zero != 0 || head->size > kMaxFrame)
    return Error(ErrorKind::kInvalid, "what came over the socket is not one of our frames");
  if (unread() - kHeaderSize < head->size) return std::optional<Frame>();
  Frame frame{head->type, head->ticket, buffer_.substr(begin_ + kHeaderSize, head->size)};
  begin_ += kHeaderSize + head->size;
  if (begin_ == buffer_.size()) {
    if (buffer_.capacity() > kLargeBuffer)
      std::string().swap(buffer_);
    else
      buffer_.clear();
    begin_ = 0;
  }
  return std::optional<Frame>(std::move(frame));
}

// One recv. The size that a header claims is not allocated ahead: memory grows with what has come.
Result<void> Channel::fill() {
  if (begin_ > kChunk) {
    buffer_.erase(0, begin_);
    begin_ = 0;
  }
  const std::size_t before = buffer_.size();
  const std::size_t room = std::clamp(before, kChunk, kLargeBuffer);
  buffer_.resize(before + room);
  ssize_t got = -1;
  do got = ::recv(socket_.get(), buffer_.data() + before, room, MSG_DONTWAIT);
  while (got < 0 && errno == EINTR);
  const int number = errno;
  buffer_.resize(before + (got > 0 ? static_cast<std::size_t>(got) : 0));
  if (got > 0) return {};
  if (got == 0 || number == ECONNRESET) return peer_gone();
  if (number == EAGAIN || number == EWOULDBLOCK) return {};
  return Error::from_errno(number, "recv");
}

Result<std::optional<Frame>> Channel::receive(std::chrono::milliseconds at_most) {
  const auto deadline = SteadyClock::now() + at_most;
  while (true) {
    auto frame = take_buffered();
    if (!frame || *frame) return frame;
    auto ready = wait_for(socket_.get(), POLLIN, deadline);
    if (!ready) return std::move(ready.error());
    if (!*ready) return std::optional<Frame>();
    if (auto filled = fill(); !filled) return std::move(filled.error());
  }
}

}  // namespace daydream::frames
