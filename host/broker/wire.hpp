// What host and broker say to each other, over a stream socket that never makes either of them wait.
// Message: u64 size of what follows, u8 type, body (frames/codec.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/files.hpp"
#include "broker/policy.hpp"
#include "daydream/kit/result.hpp"

namespace daydream::broker {

enum class Word : std::uint8_t {
  kPolicy = 1,   // host -> broker: a step begins
  kRequest = 2,  // host -> broker: id, json, body
  kCancel = 3,   // host -> broker: all that is under way
  kAnswer = 4,   // broker -> host: id, json, body, sent
  kNotice = 5,   // broker -> host: words for the log
};

struct Message {
  Word word = Word::kCancel;
  std::string body;
};

class Pipe {
 public:
  explicit Pipe(files::Descriptor socket);
  void queue(Word word, std::string_view body);
  // What the socket takes; kCancelled when the other end has gone.
  Result<void> write_some();
  // What is there, at most a few MiB at a time.
  Result<void> read_some();
  // kInvalid: no message of ours.
  Result<std::optional<Message>> take();
  [[nodiscard]] std::size_t unsent() const { return out_.size() - sent_; }
  [[nodiscard]] int descriptor() const { return socket_.get(); }

 private:
  files::Descriptor socket_;
  std::string out_, in_;
  std::size_t sent_ = 0, taken_ = 0;
};

struct RequestMessage {
  std::uint64_t id = 0;
  std::string json, body;
  [[nodiscard]] std::string encode() const;
  static Result<RequestMessage> decode(std::string_view bytes);
};
struct AnswerMessage {
  std::uint64_t id = 0;
  std::string json, body;
  bool sent = false;
  [[nodiscard]] std::string encode() const;
  static Result<AnswerMessage> decode(std::string_view bytes);
};
std::string encode(const Policy& policy);
Result<Policy> decode_policy(std::string_view bytes);

}  // namespace daydream::broker
