// What comes of one try of a step: what the worker says of itself, and what its exit says where it says nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daydream/kit/process.hpp"
#include "session/session.hpp"
#include "session/watchdog.hpp"

namespace daydream::session {

class Verdict {
 public:
  explicit Verdict(std::string step) : step_(std::move(step)) {}

  // Frames of the worker; one that cannot be read breaks the ABI. ready(): whether it could.
  bool ready(std::string_view body);
  void log(std::string_view body);
  void explain(std::string_view body);
  void done(std::string_view body, Reason reason);

  void broke(const std::string& words);
  void note(const std::string& words) { outcome_.notes.push_back(words); }
  // A step that says it is done, while what it wants sent is not: at the run's stop it goes on later, else it failed.
  void remote_unfinished(bool stopped);
  // `exit`: nullopt when even SIGKILL did not end it in time. `last_output`: the last line of its standard output and
  // error.
  void ended(const std::optional<process::Child::Exit>& exit, const Watchdog& watchdog, const std::string& last_output);

  // It said how it came out, or broke a promise: nothing more is expected of it.
  [[nodiscard]] bool spoken() const { return spoken_; }
  Outcome take(int commits);

 private:
  std::string step_;
  Outcome outcome_;
  bool spoken_ = false;
  std::string last_error_;  // that it logged, the worker's own words about a crash among them
};

}  // namespace daydream::session
