#include "session/verdict.hpp"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <utility>

#include "base/masking.hpp"
#include "daydream/abi.h"
#include "daydream/kit/text.hpp"
#include "frames/messages.hpp"
#include "log/log.hpp"

namespace daydream::session {

std::string_view name_of(Ending ending) {
  switch (ending) {
    case Ending::kOk:
      return "ok";
    case Ending::kSkipped:
      return "skipped";
    case Ending::kCancelled:
      return "cancelled";
    case Ending::kRetry:
      return "failed";
    case Ending::kPermanent:
      return "failed permanently";
    case Ending::kCrashed:
      return "crashed";
    case Ending::kHung:
      return "hung";
    case Ending::kBrokeAbi:
      return "broke the plugin ABI";
  }
  return "failed";
}

namespace {

constexpr int kHostGone = 75;  // as the worker ends when it cannot reach us

std::string words_of_exit(const process::Child::Exit& exit) {
  if (exit.signal == SIGXCPU) return "used up its CPU time (limits.cpu)";
  if (exit.signal != 0)
    return "its process was ended by signal " + std::to_string(exit.signal) + " (" + strsignal(exit.signal) + ")";
  if (exit.exit_code == kHostGone)
    return "its process lost the connection to the host: it closed a descriptor that is not its own, or exited with 75";
  return "its process exited with " + std::to_string(exit.exit_code) + " in the middle of the step";
}

std::string words_of_end(const std::optional<process::Child::Exit>& exit, const std::string& last_error,
                         const std::string& last_output) {
  std::string words = exit ? words_of_exit(*exit) : "its process ended without a word";
  if (!last_error.empty()) words += ": " + last_error;
  if (!last_output.empty()) words += "; its last words: " + last_output;
  return words;
}

}  // namespace

bool Verdict::ready(std::string_view body) {
  auto ready = frames::Ready::decode(body);
  if (ready)
    outcome_.unconfined = std::move(ready->missing);
  else
    broke(ready.error().message());
  return ready.ok();
}

void Verdict::log(std::string_view body) {
  auto message = frames::Log::decode(body);
  if (!message) return broke(message.error().message());
  if (message->level >= DD_LOG_ERROR) last_error_ = text::shorten(daydream::mask(text::to_utf8(message->message)), 512);
  log::write(static_cast<log::Level>(std::clamp(message->level, 0, 3)), step_, message->message);
}

void Verdict::explain(std::string_view body) {
  auto explain = frames::Explain::decode(body);
  if (!explain) return broke(explain.error().message());
  outcome_.code = text::shorten(text::escape_terminal(explain->code), 64);
  outcome_.message = text::shorten(daydream::mask(text::to_utf8(explain->message)), 4096);
}

void Verdict::done(std::string_view body, Reason reason) {
  auto done = frames::Done::decode(body);
  if (!done) return broke(done.error().message());
  spoken_ = true;
  switch (done->status) {
    case DD_OK:
      outcome_.ending = Ending::kOk;
      break;
    case DD_SKIPPED:
      outcome_.ending = Ending::kSkipped;
      break;
    case DD_CANCELLED:
      outcome_.ending = reason == Reason::kNone ? Ending::kRetry : Ending::kCancelled;
      break;
    case DD_PERMANENT:
    case DD_BAD_ARGUMENT:
    case DD_UNSUPPORTED:
      outcome_.ending = Ending::kPermanent;
      break;
    case DD_RETRY:
    case DD_CONFLICT:
    case DD_NOT_FOUND:
      outcome_.ending = Ending::kRetry;
      break;
    default:
      broke("returned the unknown status " + std::to_string(done->status));
      return;
  }
  if (outcome_.message.empty() && done->status < 0)
    outcome_.message = done->stage + " returned " + std::to_string(done->status) + " without an explanation" +
                       (last_error_.empty() ? "" : "; the last error was: " + last_error_);
}

void Verdict::broke(const std::string& words) {
  if (spoken_ && outcome_.ending == Ending::kBrokeAbi) return;
  spoken_ = true;
  outcome_.ending = Ending::kBrokeAbi;
  outcome_.code = "broke-abi";
  outcome_.message = "broke the plugin ABI: " + text::shorten(text::to_utf8(words), 1024);
}

void Verdict::remote_unfinished(bool stopped) {
  if (!spoken_ || outcome_.ending != Ending::kOk) return;
  outcome_.ending = stopped ? Ending::kCancelled : Ending::kRetry;
  outcome_.code = "remote";
  outcome_.message = "ended before its remote changes were sent";
}

void Verdict::ended(const std::optional<process::Child::Exit>& exit, const Watchdog& watchdog,
                    const std::string& last_output) {
  if (exit) outcome_.peak_memory_bytes = exit->peak_memory_bytes;
  const Reason reason = watchdog.reason();
  const bool well = spoken_ && outcome_.ending == Ending::kOk;
  if (reason == Reason::kRequested) {
    if (!well) outcome_.ending = Ending::kCancelled;
  } else if (reason != Reason::kNone && !well) {
    outcome_.ending = Ending::kHung;
    outcome_.code = "hung";
    outcome_.message = watchdog.words();
  } else if (!spoken_) {
    outcome_.ending = Ending::kCrashed;
    outcome_.code = "crashed";
    outcome_.message = words_of_end(exit, last_error_, daydream::mask(last_output));
  }
}

Outcome Verdict::take(int commits) {
  outcome_.commits = commits;
  return std::move(outcome_);
}

}  // namespace daydream::session
