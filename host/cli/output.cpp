#include "cli/output.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "base/masking.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::cli {

int exit_code_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kUsage:
      return kUsage;
    case ErrorKind::kInvalid:
    case ErrorKind::kNotFound:
    case ErrorKind::kPermanent:
    case ErrorKind::kUnsupported:
      return kRefused;
    case ErrorKind::kConflict:
    case ErrorKind::kRetry:
    case ErrorKind::kCancelled:
      return kNotFinished;
    case ErrorKind::kDamaged:
      return kHuman;
    case ErrorKind::kInternal:
      return kBug;
  }
  return kBug;
}

void print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

int finish_output(int code) {
  const bool lost = std::fflush(stdout) != 0;
  const int why = errno;
  if (!lost && std::ferror(stdout) == 0) return code;
  if (why == EPIPE) return code;  // `daydream report | head`: the reader has seen enough
  say(std::string("standard output: ") + (lost ? std::strerror(why) : "not all of it could be written"));
  return code == kOk || code == kFailOn ? kNotFinished : code;
}

int fail(const Error& error) {
  const std::string prefix = error.kind() == ErrorKind::kInternal ? "internal error: " : "";
  say(prefix + error.message());
  return exit_code_of(error.kind());
}

void say(std::string_view line) {
  std::string shown = "daydream: ";
  bool first = true;
  for (const std::string_view part : text::split(line, '\n')) {
    shown += (first ? "" : "\n") + text::escape_terminal(daydream::mask(part));
    first = false;
  }
  shown += "\n";
  std::fwrite(shown.data(), 1, shown.size(), stderr);
}

bool is_terminal(int descriptor) {
  return ::isatty(descriptor) == 1;
}

bool colours_wanted() {
  const char* refused = std::getenv("NO_COLOR");
  return is_terminal(STDERR_FILENO) && (refused == nullptr || *refused == '\0');
}

}  // namespace daydream::cli
