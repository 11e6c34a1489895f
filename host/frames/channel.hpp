// Frames over a stream socket: u32 size of the body, u16 type, u16 zero, u32 ticket, body; numbers are
// little-endian. A reply carries the ticket of its request. The peer is not trusted.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/files.hpp"
#include "daydream/kit/result.hpp"

namespace daydream::frames {

constexpr std::size_t kMaxFrame = std::size_t{256} << 20;
constexpr std::size_t kHeaderSize = 12;

struct Frame {
  std::uint16_t type = 0;
  std::uint32_t ticket = 0;
  std::string body;
};

// send(): [any thread], one at a time. receive() and buffered(): one thread.
class Channel {
 public:
  explicit Channel(files::Descriptor socket) : socket_(std::move(socket)) {}
  // kCancelled when the peer has gone; kRetry when it did not take the bytes within `at_most`: the
  // socket is then shut down, since half a frame may have left. kInvalid: the body is over kMaxFrame.
  Result<void> send(const Frame& frame, std::chrono::milliseconds at_most = std::chrono::minutes(1));
  // nullopt: nothing whole within `at_most`; what came is kept for the next call. kCancelled: the peer
  // has gone. kInvalid: not our frames; the channel is of no more use.
  Result<std::optional<Frame>> receive(std::chrono::milliseconds at_most);
  // One frame, ready as bytes, for a process that is about to abort: allocates nothing, waits at most a
  // second for whoever is sending, sends nothing where that is in the middle of a frame.
  void send_last(std::string_view whole_frame) noexcept;
  [[nodiscard]] int descriptor() const { return socket_.get(); }
  // True when a whole frame lies in the buffer already (poll would not see it).
  [[nodiscard]] bool buffered() const;

 private:
  struct Header {
    std::size_t size = 0;
    std::uint16_t type = 0, zero = 0;
    std::uint32_t ticket = 0;
  };
  [[nodiscard]] std::optional<Header> header() const;
  [[nodiscard]] std::size_t unread() const { return buffer_.size() - begin_; }
  Result<std::optional<Frame>> take_buffered();
  Result<void> fill();

  files::Descriptor socket_;
  std::mutex sending_;
  std::string buffer_;
  std::size_t begin_ = 0;  // of what is unread in buffer_
};

}  // namespace daydream::frames
