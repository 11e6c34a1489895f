#include "cli/progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cmath>
#include <mutex>

#include "base/clock.hpp"
#include "cli/output.hpp"
#include "daydream/kit/text.hpp"
#include "log/log.hpp"

namespace daydream::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kBetweenDrawings{100};
constexpr milliseconds kRateWorthSaying{1000};  // before that a rate is a guess

std::size_t terminal_width() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

// The code point at the start of `utf8` (valid) and its length.
std::pair<char32_t, std::size_t> decode(std::string_view utf8) {
  const auto first = static_cast<unsigned char>(utf8.front());
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  char32_t point = first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length && i < utf8.size(); ++i) {
    point = (point << 6) | (static_cast<unsigned char>(utf8[i]) & 0x3FU);
  }
  return {point, std::min(length, utf8.size())};
}

std::size_t columns_of(char32_t point) {
  if ((point >= 0x300 && point <= 0x36F) || (point >= 0xFE00 && point <= 0xFE0F)) return 0;
  const bool wide = (point >= 0x1100 && point <= 0x115F) || (point >= 0x2E80 && point <= 0xA4CF) ||
                    (point >= 0xAC00 && point <= 0xD7A3) || (point >= 0xF900 && point <= 0xFAFF) ||
                    (point >= 0xFE30 && point <= 0xFE6F) || (point >= 0xFF00 && point <= 0xFF60) ||
                    (point >= 0xFFE0 && point <= 0xFFE6) || (point >= 0x1F300 && point <= 0x1F9FF) ||
                    (point >= 0x20000 && point <= 0x3FFFD);
  return wide ? 2 : 1;
}

std::string rate_text(double a_second) {
  const long tenths = std::lround(a_second * 10);
  if (tenths >= 100) return std::to_string(std::lround(a_second));
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

void write_error(std::string_view bytes) {
  std::fwrite(bytes.data(), 1, bytes.size(), stderr);
  std::fflush(stderr);
}

class Line final : public session::ProgressSink {
 public:
  Line() {
    living = this;
    log::set_terminal_hooks(make_way, come_back);
  }
  ~Line() override {
    log::set_terminal_hooks(nullptr, nullptr);
    const std::lock_guard held(mutex_);
    erase();
    living = nullptr;
  }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  void step_started(const session::StepProgress& progress) override {
    const std::lock_guard held(mutex_);
    started_ = steady_clock::now();
    last_ = progress;
    active_ = true;
    draw();
  }
  void step_progress(const session::StepProgress& progress) override {
    const std::lock_guard held(mutex_);
    last_ = progress;
    if (steady_clock::now() - drawn_ >= kBetweenDrawings) draw();
  }
  void step_ended(const session::StepProgress& progress, const std::string& words) override {
    const std::lock_guard held(mutex_);
    erase();
    active_ = false;
    const auto took = std::chrono::duration_cast<milliseconds>(steady_clock::now() - started_);
    const std::string line = "[" + std::to_string(progress.number) + "/" + std::to_string(progress.total_steps) + "] " +
                             progress.step + "  " + words + "  " + human_duration(took);
    write_error(fit(text::escape_terminal(line), terminal_width() - 1) + "\n");
  }

 private:
  // Around each log line, from whatever thread writes it.
  static void make_way() {
    living->mutex_.lock();
    living->erase();
  }
  static void come_back() {
    if (living->active_) living->draw();
    living->mutex_.unlock();
  }

  void draw() {
    const auto since = std::chrono::duration_cast<milliseconds>(steady_clock::now() - started_);
    write_error("\r\033[K" + progress_line(last_, since, terminal_width() - 1));
    drawn_ = steady_clock::now();
    shown_ = true;
  }
  void erase() {
    if (shown_) write_error("\r\033[K");
    shown_ = false;
  }

  static Line* living;
  std::mutex mutex_;
  session::StepProgress last_;
  steady_clock::time_point started_, drawn_;
  bool active_ = false, shown_ = false;
};
Line* Line::living = nullptr;

}  // namespace

std::string fit(const std::string& utf8, std::size_t width) {
  std::size_t columns = 0, at = 0;
  while (at < utf8.size()) {
    const auto [point, length] = decode(std::string_view(utf8).substr(at));
    if (columns + columns_of(point) > width) return utf8.substr(0, at);
    columns += columns_of(point);
    at += length;
  }
  return utf8;
}

std::string progress_line(const session::StepProgress& progress, milliseconds since_start, std::size_t width) {
  std::string line =
      "[" + std::to_string(progress.number) + "/" + std::to_string(progress.total_steps) + "] " + progress.step;
  if (progress.done > 0 || progress.total > 0) {
    line += "  " + std::to_string(progress.done) + (progress.total > 0 ? "/" + std::to_string(progress.total) : "");
  }
  if (progress.done > 0 && since_start >= kRateWorthSaying) {
    const double rate = static_cast<double>(progress.done) * 1000.0 / static_cast<double>(since_start.count());
    line += "  " + rate_text(rate) + "/s";
    if (progress.total > progress.done) {
      const double left = static_cast<double>(progress.total - progress.done) / rate * 1000.0;
      line += "  " + human_duration(milliseconds(static_cast<std::int64_t>(left))) + " left";
    }
  }
  if (!progress.what.empty()) line += "  " + progress.what;
  return fit(text::escape_terminal(line), width);
}

std::unique_ptr<session::ProgressSink> terminal_progress() {
  if (!is_terminal(STDERR_FILENO)) return nullptr;
  return std::make_unique<Line>();
}

}  // namespace daydream::cli
