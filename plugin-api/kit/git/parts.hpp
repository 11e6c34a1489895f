// What the files of this folder share. Of this folder only.
#pragma once

#include <charconv>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "daydream/kit/process.hpp"

namespace daydream::git {

struct Execution {
  std::string input;
  std::chrono::milliseconds timeout = std::chrono::minutes(2);
  std::size_t max_output = std::size_t{64} << 20;
  std::function<void(std::string_view)> on_output;
  bool literal_paths = false;
};
// git with all guards in `directory`. kUnsupported where git is not installed.
Result<process::Outcome> execute(const std::string& directory, const std::vector<std::string>& arguments,
                                 const Execution& how);
// git's last words, by what they mean for the caller.
Error git_error(std::string_view command, const process::Outcome& outcome);

// kInvalid for what git would take for an option, or cannot be an argument.
Result<void> check_revision(const std::string& revision);

// Takes the part before `end` off the front of `rest`; all of it where there is no `end`.
inline std::string_view take_until(std::string_view& rest, char end) {
  const std::size_t at = rest.find(end);
  const std::string_view part = rest.substr(0, at);
  rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
  return part;
}

// 0 where it is no number.
template <class Number>
Number number_in(std::string_view digits, int base = 10) {
  Number value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  return value;
}

}  // namespace daydream::git
