#include "plugins/log_review/reading/traces.hpp"

#include <algorithm>
#include <array>

namespace daydream::logs {
namespace {

template <std::size_t N>
bool starts_with_one_of(std::string_view line, const std::array<std::string_view, N>& beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [line](std::string_view beginning) { return line.starts_with(beginning); });
}

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

// "thread 'main' panicked at src/main.rs:29:5:", with a number behind the name since Rust 1.89.
bool begins_panic(std::string_view line) {
  return line.starts_with("thread '") && line.find(" panicked at ") != std::string_view::npos;
}

bool joins_tracebacks(std::string_view line) {
  return line.starts_with("During handling of the above exception") ||
         line.starts_with("The above exception was the direct cause");
}

}  // namespace

bool begins_traceback(std::string_view line) {
  return !line.empty() && line.back() == ':' && line.ends_with("Traceback (most recent call last):");
}

bool is_panic_place(std::string_view line) {
  return begins_panic(line) && line.ends_with(':');
}

bool begins_crash(std::string_view line) {
  static constexpr std::array<std::string_view, 10> kBeginnings = {"panic: ",
                                                                   "fatal error: ",
                                                                   "Exception in thread ",
                                                                   "Unhandled exception",
                                                                   "Uncaught ",
                                                                   "terminate called after ",
                                                                   "Segmentation fault",
                                                                   "PHP Fatal error: ",
                                                                   "runtime: goroutine stack exceeds ",
                                                                   "FATAL ERROR: "};
  constexpr std::string_view kFirst = "=EFPSUfprt";  // of what follows
  if (line.empty() || kFirst.find(line[0]) == std::string_view::npos) return false;
  return starts_with_one_of(line, kBeginnings) || begins_panic(line) ||
         (line.starts_with("==") && line.find("ERROR: AddressSanitizer") != std::string_view::npos);
}

bool is_crash_line(std::string_view line) {
  if (begins_traceback(line) || begins_crash(line) || line.starts_with("Caused by: ")) return true;
  if (line.starts_with("goroutine ")) return line.ends_with("]:");
  const std::size_t begin = line.find_first_not_of(" \t");
  if (begin == std::string_view::npos || begin == 0) return false;
  line.remove_prefix(begin);
  return line.starts_with("at ") && line.ends_with(')') && line.find('(') != std::string_view::npos;
}

bool Traces::goes_on_inside(std::string_view line) const {
  switch (inside_) {
    case Inside::kNothing:
      return false;
    case Inside::kPython:  // the exception, at the margin; then it is over
      return true;
    case Inside::kGo:  // "main.main()", "created by net/http.(*Server).Serve in goroutine 1", "exit status 2"
      return line.ends_with(')') || line.starts_with("created by ") || line.starts_with("exit status ");
    case Inside::kRust:
      return line.starts_with("stack backtrace:") || line.starts_with("note: ");
  }
  return false;
}

bool Traces::goes_on(std::string_view line) {
  static constexpr std::array<std::string_view, 5> kAtMargin = {"Caused by: ", "... ", "goroutine ", "at ", "[signal "};
  if (begins_traceback(line)) {
    const bool further = inside_ == Inside::kPython || chained_;
    inside_ = Inside::kPython;
    chained_ = false;
    return further;
  }
  if (line.empty() || is_blank(line[0])) return true;
  if (begins_panic(line)) {
    inside_ = Inside::kRust;
    message_ = is_panic_place(line);
    return false;
  }
  if (joins_tracebacks(line)) return chained_ = true;
  const bool further = goes_on_inside(line) || message_ || starts_with_one_of(line, kAtMargin);
  message_ = false;
  if (line.starts_with("goroutine ")) {
    inside_ = Inside::kGo;
  } else if (!further || inside_ == Inside::kPython) {
    inside_ = Inside::kNothing;
    chained_ = false;
  }
  return further;
}

}  // namespace daydream::logs
