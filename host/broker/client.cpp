#include "broker/client.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include "daydream/kit/json.hpp"
#include "log/log.hpp"

namespace daydream::broker {
namespace {

constexpr int kChannel = 3;
constexpr int kMostDeaths = 10;
constexpr std::size_t kMostWaiting = std::size_t{32} << 20;

std::map<std::string, std::string> environment() {
  std::map<std::string, std::string> kept{{"LANG", "C.UTF-8"}, {"LC_ALL", "C.UTF-8"}};
  for (const char* name : {"PATH", "SSL_CERT_FILE", "SSL_CERT_DIR", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
    if (const char* value = std::getenv(name)) kept[name] = value;
  }
  return kept;
}

}  // namespace

void Client::begin(const Policy& policy) {
  policy_ = encode(policy);
  under_way_.clear();
  answers_.clear();
  answer_bytes_ = 0;
  deaths_ = 0;
  if (pipe_) pipe_->queue(Word::kPolicy, policy_);
  pump();
}

Result<void> Client::start() {
  if (pipe_) return {};
  if (deaths_ >= kMostDeaths) return Error(ErrorKind::kRetry, "the HTTP broker died again and again");
  std::array<int, 2> sockets{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()) != 0)
    return Error::from_errno(errno, "socketpair for the HTTP broker");
  files::Descriptor ours(sockets[0]), theirs(sockets[1]);
  process::Child::Options options;
  options.arguments = {program_, "--broker", std::to_string(kChannel)};
  options.directory = "/";
  options.environment = environment();
  options.descriptors = {{kChannel, theirs.get()}};
  auto child = process::Child::start(options);
  if (!child) return std::move(child.error()).context("start the HTTP broker");
  child_.emplace(std::move(*child));
  pipe_.emplace(std::move(ours));
  pipe_->queue(Word::kPolicy, policy_);
  return {};
}

void Client::submit(std::uint64_t id, std::string_view request_json, std::string_view body) {
  // One that died while it had nothing to do is no loss.
  if (child_ && under_way_.empty() && child_->wait(milliseconds(0))) {
    pipe_.reset();
    child_.reset();
  }
  if (auto started = start(); !started) return fail(id, "connect", started.error().message(), false);
  under_way_.emplace(++next_, id);
  pipe_->queue(Word::kRequest, RequestMessage{next_, std::string(request_json), std::string(body)}.encode());
}

void Client::cancel_all() {
  fail_all("cancelled", "the run is stopping");
  if (pipe_) pipe_->queue(Word::kCancel, "");
  pump();
}

void Client::fail_all(const char* code, const char* words) {
  for (const auto& [number, id] : std::exchange(under_way_, {})) fail(id, code, words, true);
}

void Client::fail(std::uint64_t id, const std::string& code, const std::string& words, bool sent) {
  json::Writer writer;
  writer.begin_object().field("error", code).field("message", words).field("attempts", 0).end_object();
  answers_.push_back({id, writer.take(), "", sent});
}

void Client::lost(const std::string& why) {
  ++deaths_;
  log::warning("broker", "the HTTP broker ended: " + why + "; it is started anew when it is needed");
  pipe_.reset();
  child_.reset();
  fail_all("connect", "the HTTP broker ended in the middle of the request");
}

int Client::descriptor() const {
  return pipe_ ? pipe_->descriptor() : -1;
}

short Client::events() const {
  if (!pipe_) return 0;
  const int reading = answer_bytes_ < kMostWaiting ? POLLIN : 0;
  return static_cast<short>(pipe_->unsent() > 0 ? reading | POLLOUT : reading);
}

void Client::pump() {
  if (!pipe_) return;
  auto moved = pipe_->write_some();
  if (moved && answer_bytes_ < kMostWaiting) moved = pipe_->read_some();
  // What it said before it went counts.
  while (true) {
    auto message = pipe_->take();
    if (!message) return lost(message.error().message());
    if (!*message) break;
    if ((*message)->word == Word::kNotice) {
      log::warning("broker", (*message)->body);
      continue;
    }
    auto answer = (*message)->word == Word::kAnswer ? AnswerMessage::decode((*message)->body)
                                                    : Result<AnswerMessage>(Error(ErrorKind::kInvalid, "no answer"));
    if (!answer) return lost("it sent what is no answer");
    const auto asked = under_way_.find(answer->id);
    if (asked == under_way_.end()) continue;  // of a step before, or cancelled
    answer_bytes_ += answer->json.size() + answer->body.size();
    answers_.push_back({asked->second, std::move(answer->json), std::move(answer->body), answer->sent});
    under_way_.erase(asked);
  }
  if (!moved) lost(moved.error().message());
}

std::optional<Answer> Client::take() {
  if (answers_.empty()) return std::nullopt;
  Answer answer = std::move(answers_.front());
  answers_.pop_front();
  answer_bytes_ -= std::min(answer_bytes_, answer.json.size() + answer.body.size());
  return answer;
}

}  // namespace daydream::broker
