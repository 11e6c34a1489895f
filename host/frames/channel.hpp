// Frames over a stream socket: u32 size of the body, u16 type, u16 zero, u32 ticket, body.
// A reply carries the ticket of its request. The peer is not trusted.
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

struct Frame {
  std::uint16_t type = 0;
  std::uint32_t ticket = 0;
  std::string body;
};

// send(): [any thread], one at a time. receive(): one thread.
class Channel {
 public:
  explicit Channel(files::Descriptor socket) : socket_(std::move(socket)) {}
  // kCancelled when the peer has gone; kRetry when it did not take the bytes within `at_most`.
  Result<void> send(const Frame& frame, std::chrono::milliseconds at_most = std::chrono::minutes(1));
  // nullopt: nothing whole within `at_most`. kCancelled: the peer has gone. kInvalid: not our frames.
  Result<std::optional<Frame>> receive(std::chrono::milliseconds at_most);
  [[nodiscard]] int descriptor() const { return socket_.get(); }
  // True when a whole frame lies in the buffer already (poll would not see it).
  [[nodiscard]] bool buffered() const;

 private:
  files::Descriptor socket_;
  std::mutex sending_;
  std::string buffer_;
};

}  // namespace daydream::frames
