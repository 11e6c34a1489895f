#include "frames/channel.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <thread>
#include <vector>

#include "frames/codec.hpp"

namespace daydream::frames {
namespace {

using namespace std::chrono_literals;

struct Ends {
  Ends() {
    std::array<int, 2> pair{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) == 0);
    raw = files::Descriptor(pair[0]);
    channel.emplace(files::Descriptor(pair[1]));
  }
  void write(std::string_view bytes) const {
    REQUIRE(::send(raw.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size()));
  }
  files::Descriptor raw;
  std::optional<Channel> channel;
};

std::string bytes_of(std::uint32_t size, std::uint16_t type, std::uint16_t zero, std::uint32_t ticket,
                     std::string_view body) {
  Encoder out;
  out.u32(size);
  out.u8(static_cast<std::uint8_t>(type));
  out.u8(static_cast<std::uint8_t>(type >> 8));
  out.u8(static_cast<std::uint8_t>(zero));
  out.u8(static_cast<std::uint8_t>(zero >> 8));
  out.u32(ticket);
  return out.take().append(body);
}

TEST_CASE("a frame that arrives byte by byte is whole only at its last") {
  Ends ends;
  const std::string bytes = bytes_of(3, 0x1234, 0, 77, "abc");
  for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
    ends.write(bytes.substr(i, 1));
    auto nothing = ends.channel->receive(0ms);
    REQUIRE(nothing);
    CHECK_FALSE(nothing->has_value());
  }
  ends.write(bytes.substr(bytes.size() - 1));
  auto frame = ends.channel->receive(1s);
  REQUIRE(frame);
  REQUIRE(frame->has_value());
  CHECK((*frame)->type == 0x1234);
  CHECK((*frame)->ticket == 77);
  CHECK((*frame)->body == "abc");
}

TEST_CASE("frames that came together are given one by one, and the channel says that more lie ready") {
  Ends ends;
  ends.write(bytes_of(1, 1, 0, 0, "a") + bytes_of(0, 2, 0, 0, "") + bytes_of(5, 3, 0, 0, "ab"));
  CHECK_FALSE(ends.channel->buffered());
  CHECK((*ends.channel->receive(1s))->body == "a");
  CHECK(ends.channel->buffered());
  CHECK((*ends.channel->receive(0ms))->type == 2);
  CHECK_FALSE(ends.channel->buffered());
  ends.write("cde");
  CHECK((*ends.channel->receive(1s))->body == "abcde");
}

TEST_CASE("what is not a frame of ours is refused") {
  {
    Ends ends;
    ends.write(bytes_of(kMaxFrame + 1, 1, 0, 0, ""));
    CHECK(ends.channel->receive(1s).error().kind() == ErrorKind::kInvalid);
  }
  Ends ends;
  ends.write(bytes_of(1, 1, 1, 0, "a"));
  CHECK(ends.channel->receive(1s).error().kind() == ErrorKind::kInvalid);
}

TEST_CASE("a peer that has gone is told apart from one that is silent") {
  Ends ends;
  auto silent = ends.channel->receive(1ms);
  REQUIRE(silent);
  CHECK_FALSE(silent->has_value());
  ends.write(bytes_of(9, 1, 0, 0, "half"));
  ends.raw = files::Descriptor();
  CHECK(ends.channel->receive(1s).error().kind() == ErrorKind::kCancelled);
  CHECK(ends.channel->send({1, 0, "x"}).error().kind() == ErrorKind::kCancelled);
}

TEST_CASE("a peer that takes nothing ends the send in time, and the channel with it") {
  Ends ends;
  const auto before = std::chrono::steady_clock::now();
  auto sent = ends.channel->send({1, 0, std::string(8 << 20, 'x')}, 50ms);
  CHECK(sent.error().kind() == ErrorKind::kRetry);
  CHECK(std::chrono::steady_clock::now() - before < 20s);
  CHECK_FALSE(ends.channel->send({2, 0, ""}, 50ms));  // no second frame into the middle of the first
}

TEST_CASE("a body over the limit is not sent") {
  Ends ends;
  CHECK(ends.channel->send({1, 0, std::string(kMaxFrame + 1, 'x')}).error().kind() == ErrorKind::kInvalid);
  CHECK(ends.channel->send({1, 0, "small"}));
}

TEST_CASE("frames of several threads do not mix") {
  Ends ends;
  Channel reader(std::move(ends.raw));
  constexpr int kThreads = 4;
  constexpr int kFrames = 200;
  std::vector<std::thread> senders;
  for (int number = 0; number < kThreads; ++number)
    senders.emplace_back([&ends, number] {
      const std::string body(5000, static_cast<char>('a' + number));
      for (int i = 0; i < kFrames; ++i)
        if (!ends.channel->send({static_cast<std::uint16_t>(number), static_cast<std::uint32_t>(i), body})) return;
    });
  std::array<std::uint32_t, kThreads> next{};
  int good = 0;
  for (int i = 0; i < kThreads * kFrames; ++i) {
    auto frame = reader.receive(10s);
    if (!frame || !*frame) break;
    const std::size_t number = (*frame)->type;
    if (number < kThreads && (*frame)->ticket == next.at(number)++ &&
        (*frame)->body == std::string(5000, static_cast<char>('a' + number)))
      ++good;
  }
  for (std::thread& sender : senders) sender.join();
  CHECK(good == kThreads * kFrames);
}

TEST_CASE("last words go out as a frame, and not into the middle of another") {
  Ends ends;
  Channel reader(std::move(ends.raw));
  ends.channel->send_last(bytes_of(2, 12, 0, 0, "hi"));
  auto frame = reader.receive(1s);
  REQUIRE(frame);
  CHECK((*frame)->type == 12);
  CHECK((*frame)->body == "hi");
}

}  // namespace
}  // namespace daydream::frames
