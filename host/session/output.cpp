#include "session/output.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>

#include "daydream/kit/text.hpp"
#include "log/log.hpp"

namespace daydream::session {

namespace {
constexpr std::size_t kMostLogged = std::size_t{256} << 10;
constexpr std::size_t kLongestLine = 4096;
constexpr std::size_t kLastWords = 512;
}  // namespace

void WorkerOutput::read() {
  std::array<char, 16384> buffer{};
  for (int rounds = 0; descriptor_ >= 0 && rounds < 64; ++rounds) {
    const ssize_t got = ::read(descriptor_, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) {
      descriptor_ = -1;
      return;
    }
    rest_.append(buffer.data(), static_cast<std::size_t>(got));
    take_lines();
  }
}

void WorkerOutput::take_lines() {
  std::size_t start = 0;
  for (std::size_t end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n', start)) {
    log_line(std::string_view(rest_).substr(start, end - start));
    start = end + 1;
  }
  rest_.erase(0, start);
  if (rest_.size() > kLongestLine) {
    log_line(rest_);
    rest_.clear();
  }
}

// What is not logged costs nothing but its reading: a plugin may write faster than anybody can convert.
void WorkerOutput::log_line(std::string_view line) {
  const std::string_view words = text::trim(line.substr(0, kLongestLine));
  if (words.empty()) return;
  last_ = words.substr(0, kLastWords);
  logged_ += line.size();
  if (logged_ <= kMostLogged) {
    log::info(source_, "(output) " + text::shorten(text::to_utf8(words), kLongestLine));
  } else if (!flooded_) {
    flooded_ = true;
    log::warning(source_, "writes more than 256 KiB to its output; the rest is not logged");
  }
}

std::string WorkerOutput::last_line() const {
  const std::string_view rest = text::trim(std::string_view(rest_).substr(0, kLastWords));
  return text::shorten(text::to_utf8(rest.empty() ? std::string_view(last_) : rest), kLastWords);
}

}  // namespace daydream::session
