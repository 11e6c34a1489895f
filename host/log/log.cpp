#include "log/log.hpp"

#include <spdlog/details/log_msg.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <memory>
#include <mutex>

#include "base/masking.hpp"

namespace daydream::log {

namespace {

constexpr std::size_t kRotateAt = std::size_t{8} << 20;
constexpr std::size_t kRotatedKept = 3;
constexpr std::size_t kMaxMessage = std::size_t{16} << 10;
constexpr const char* kPattern = "[%Y-%m-%d %H:%M:%S] [%n] [%^%l%$] %v";

struct State {
  std::mutex mutex;
  Options options;
  void (*before)() = nullptr;
  void (*after)() = nullptr;
  std::unique_ptr<spdlog::pattern_formatter> formatter = make_formatter();
  std::unique_ptr<spdlog::sinks::rotating_file_sink_st> file;

  static std::unique_ptr<spdlog::pattern_formatter> make_formatter() {
    return std::make_unique<spdlog::pattern_formatter>(kPattern, spdlog::pattern_time_type::local);
  }
};

// Never destroyed: threads may log until the very end.
State& state() {
  static State& instance = *new State;
  return instance;
}

spdlog::level::level_enum level_of(Level level) {
  switch (level) {
    case Level::kDebug:
      return spdlog::level::debug;
    case Level::kInfo:
      return spdlog::level::info;
    case Level::kWarning:
      return spdlog::level::warn;
    case Level::kError:
      break;
  }
  return spdlog::level::err;
}

std::string_view colour_of(Level level) {
  switch (level) {
    case Level::kDebug:
      return "\033[2m";
    case Level::kInfo:
      return "\033[32m";
    case Level::kWarning:
      return "\033[33m";
    case Level::kError:
      break;
  }
  return "\033[31m";
}

bool colours_wanted(const Options& options) {
  const char* no_colour = std::getenv("NO_COLOR");
  return options.colour && (no_colour == nullptr || *no_colour == '\0') && ::isatty(STDERR_FILENO) == 1;
}

// A line that cannot be written is lost: logging never stops a run.
void write_stderr(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(STDERR_FILENO, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void to_terminal(State& self, Level level, const spdlog::details::log_msg& message) {
  spdlog::memory_buf_t line;
  self.formatter->format(message, line);
  std::string out(line.data(), line.size());
  if (self.options.colour && message.color_range_end > message.color_range_start) {
    out.insert(message.color_range_end, "\033[0m");
    out.insert(message.color_range_start, colour_of(level));
  }
  if (self.before != nullptr) self.before();
  write_stderr(out);
  if (self.after != nullptr) self.after();
}

void to_file(State& self, const spdlog::details::log_msg& message) {
  try {
    self.file->log(message);
    self.file->flush();
  } catch (const spdlog::spdlog_ex& error) {
    self.file.reset();  // said once, on the terminal
    write_stderr("daydream: the log file is given up: " + text::escape_terminal(error.what()) + "\n");
  }
}

}  // namespace

void start(const Options& options) {
  State& self = state();
  const std::lock_guard lock(self.mutex);
  self.options = options;
  self.options.colour = colours_wanted(options);
}

Result<void> add_file(const Path& directory) {
  State& self = state();
  const std::lock_guard lock(self.mutex);
  const Path path = directory / "daydream.log";
  try {
    auto file = std::make_unique<spdlog::sinks::rotating_file_sink_st>(path.string(), kRotateAt, kRotatedKept);
    file->set_formatter(State::make_formatter());
    self.file = std::move(file);
  } catch (const spdlog::spdlog_ex& error) {
    return Error(ErrorKind::kRetry, "cannot log to " + path.string() + ": " + error.what());
  }
  return {};
}

void write(Level level, std::string_view source, std::string_view message) {
  State& self = state();
  const std::lock_guard lock(self.mutex);
  if (level < self.options.level || (!self.options.to_stderr && self.file == nullptr)) return;
  // Masked before it is cut: half a secret is still one.
  const std::string masked = daydream::mask(text::to_utf8(message));
  const std::string content = text::escape_terminal(text::shorten(masked, kMaxMessage));
  const std::string name = "daydream." + text::escape_terminal(text::shorten(source, 100));
  const spdlog::details::log_msg line(name, level_of(level), content);
  if (self.options.to_stderr) to_terminal(self, level, line);
  if (self.file != nullptr) to_file(self, line);
}

void set_terminal_hooks(void (*before)(), void (*after)()) {
  State& self = state();
  const std::lock_guard lock(self.mutex);
  self.before = before;
  self.after = after;
}

}  // namespace daydream::log
