#include "session/verdict.hpp"

#include <csignal>
#include <cstring>

namespace daydream::session {

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

}  // namespace

std::string words_of_end(const std::optional<process::Child::Exit>& exit, const std::string& last_error,
                         const std::string& last_output) {
  std::string words = exit ? words_of_exit(*exit) : "its process ended without a word";
  if (!last_error.empty()) words += ": " + last_error;
  if (!last_output.empty()) words += "; its last words: " + last_output;
  return words;
}

}  // namespace daydream::session
