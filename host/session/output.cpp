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

void WorkerOutput::log_line(std::string_view line) {
  if (text::trim(line).empty()) return;
  last_ = text::shorten(text::to_utf8(line), 512);
  logged_ += line.size();
  if (logged_ <= kMostLogged) {
    log::info(source_, "(output) " + text::shorten(text::to_utf8(line), kLongestLine));
  } else if (!flooded_) {
    flooded_ = true;
    log::warning(source_, "writes more than 256 KiB to its output; the rest is not logged");
  }
}

std::string WorkerOutput::last_line() const {
  return text::trim(rest_).empty() ? last_ : text::shorten(text::to_utf8(rest_), 512);
}

}  // namespace daydream::session
