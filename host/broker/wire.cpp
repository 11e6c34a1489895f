#include "broker/wire.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "frames/codec.hpp"

namespace daydream::broker {
namespace {

constexpr std::size_t kHeader = 9;
constexpr std::size_t kMost = std::size_t{192} << 20;
constexpr std::size_t kReadAtOnce = std::size_t{4} << 20;

Error gone() {
  return {ErrorKind::kCancelled, "the other end has gone"};
}
Error broken() {
  return {ErrorKind::kInvalid, "a message that is not ours"};
}

std::vector<std::string> texts(frames::Decoder& in) {
  std::vector<std::string> all;
  for (std::uint64_t left = in.count(8); left > 0; --left) all.emplace_back(in.text());
  return all;
}

void put_texts(frames::Encoder& out, const std::vector<std::string>& all) {
  out.u64(all.size());
  for (const std::string& each : all) out.text(each);
}

}  // namespace

Pipe::Pipe(files::Descriptor socket) : socket_(std::move(socket)) {
  ::fcntl(socket_.get(), F_SETFL, O_NONBLOCK);
  ::fcntl(socket_.get(), F_SETFD, FD_CLOEXEC);
}

void Pipe::queue(Word word, std::string_view body) {
  frames::Encoder head;
  head.u64(body.size() + 1);
  head.u8(static_cast<std::uint8_t>(word));
  out_ += head.take();
  out_ += body;
}

Result<void> Pipe::write_some() {
  while (unsent() > 0) {
    const ssize_t sent = ::send(socket_.get(), out_.data() + sent_, unsent(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return {};
    if (sent <= 0) return gone();
    sent_ += static_cast<std::size_t>(sent);
  }
  out_.clear();
  sent_ = 0;
  if (out_.capacity() > kReadAtOnce) out_.shrink_to_fit();
  return {};
}

Result<void> Pipe::read_some() {
  std::array<char, 65536> piece;
  for (std::size_t total = 0; total < kReadAtOnce;) {
    const ssize_t got = ::recv(socket_.get(), piece.data(), piece.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return {};
    if (got <= 0) return gone();
    in_.append(piece.data(), static_cast<std::size_t>(got));
    total += static_cast<std::size_t>(got);
    if (static_cast<std::size_t>(got) < piece.size()) return {};
  }
  return {};
}

Result<std::optional<Message>> Pipe::take() {
  const std::string_view rest = std::string_view(in_).substr(taken_);
  frames::Decoder in(rest.substr(0, kHeader));
  const std::uint64_t size = in.u64();
  const std::uint8_t word = in.u8();
  if (in.good() && (size == 0 || size > kMost || word < 1 || word > 5)) return broken();
  if (!in.good() || rest.size() - 8 < size) {
    in_.erase(0, taken_);
    taken_ = 0;
    return std::optional<Message>();
  }
  Message message{static_cast<Word>(word), std::string(rest.substr(kHeader, size - 1))};
  taken_ += 8 + size;
  return std::optional<Message>(std::move(message));
}

std::string RequestMessage::encode() const {
  frames::Encoder out;
  out.u64(id);
  out.text(json);
  out.text(body);
  return out.take();
}

Result<RequestMessage> RequestMessage::decode(std::string_view bytes) {
  frames::Decoder in(bytes);
  RequestMessage message;
  message.id = in.u64();
  message.json = in.text();
  message.body = in.text();
  if (!in.finished()) return broken();
  return message;
}

std::string AnswerMessage::encode() const {
  frames::Encoder out;
  out.u64(id);
  out.text(json);
  out.text(body);
  out.u8(sent ? 1 : 0);
  return out.take();
}

Result<AnswerMessage> AnswerMessage::decode(std::string_view bytes) {
  frames::Decoder in(bytes);
  AnswerMessage message;
  message.id = in.u64();
  message.json = in.text();
  message.body = in.text();
  message.sent = in.u8() != 0;
  if (!in.finished()) return broken();
  return message;
}

std::string encode(const Policy& policy) {
  frames::Encoder out;
  put_texts(out, policy.hosts);
  out.u64(policy.secrets.size());
  for (const Secret& secret : policy.secrets) {
    out.text(secret.name);
    out.text(secret.value);
    out.text(secret.missing);
    put_texts(out, secret.hosts);
  }
  return out.take();
}

Result<Policy> decode_policy(std::string_view bytes) {
  frames::Decoder in(bytes);
  Policy policy;
  policy.hosts = texts(in);
  for (std::uint64_t left = in.count(32); left > 0; --left) {
    Secret secret;
    secret.name = in.text();
    secret.value = in.text();
    secret.missing = in.text();
    secret.hosts = texts(in);
    policy.secrets.push_back(std::move(secret));
  }
  if (!in.finished()) return broken();
  return policy;
}

}  // namespace daydream::broker
