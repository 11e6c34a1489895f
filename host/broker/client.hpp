// The host's end: starts the broker when the first request comes, hands it requests, gives back answers. A
// broker that dies takes its requests with it (each is answered with an error) and is started anew.
// One thread; nothing here waits.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "broker/request.hpp"
#include "broker/wire.hpp"
#include "daydream/kit/process.hpp"

namespace daydream::broker {

class Client {
 public:
  explicit Client(std::string program) : program_(std::move(program)) {}

  // A step begins: what the one before left is forgotten. Starts nothing.
  void begin(const Policy& policy);
  // `id` is the caller's, unique among those under way. Always answered, once.
  void submit(std::uint64_t id, std::string_view request_json, std::string_view body);
  void cancel_all();

  // For poll(): -1 while there is no broker.
  [[nodiscard]] int descriptor() const;
  [[nodiscard]] short events() const;
  void pump();  // moves what can be moved
  std::optional<Answer> take();
  [[nodiscard]] bool has_answer() const { return !answers_.empty(); }
  [[nodiscard]] std::size_t under_way() const { return under_way_.size(); }
  [[nodiscard]] int pid() const { return child_ ? child_->pid() : 0; }

 private:
  Result<void> start();
  void lost(const std::string& why);
  void fail_all(const char* code, const char* words);
  void fail(std::uint64_t id, const std::string& code, const std::string& words, bool sent);

  std::string program_;
  std::string policy_;
  std::optional<process::Child> child_;
  std::optional<Pipe> pipe_;
  // Never the same number twice: an answer to a step before is none to this one.
  std::uint64_t next_ = 0;
  std::map<std::uint64_t, std::uint64_t> under_way_;  // number -> the caller's id
  std::deque<Answer> answers_;
  std::size_t answer_bytes_ = 0;
  int deaths_ = 0;
};

}  // namespace daydream::broker
