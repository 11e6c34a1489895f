// The only room that names spdlog. Lines go to stderr, prefixed "daydream", and to daydream.log once
// a state directory is known. What plugins and other programs say is masked (base/masking.hpp) and
// escaped here. [any thread]
#pragma once

#include <string_view>

#include "base/model.hpp"
#include "daydream/kit/result.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::log {

enum class Level { kDebug = 0, kInfo = 1, kWarning = 2, kError = 3 };

struct Options {
  Level level = Level::kInfo;
  bool colour = false;
  bool to_stderr = true;
};
void start(const Options& options);
// Adds <directory>/daydream.log, rotated at 8 MiB, three kept.
Result<void> add_file(const Path& directory);

// `source` is the room or step: "[2026-11-22 02:30:04] [daydream.checkpoint] [info] message".
void write(Level level, std::string_view source, std::string_view message);
inline void debug(std::string_view source, std::string_view message) {
  write(Level::kDebug, source, message);
}
inline void info(std::string_view source, std::string_view message) {
  write(Level::kInfo, source, message);
}
inline void warning(std::string_view source, std::string_view message) {
  write(Level::kWarning, source, message);
}
inline void error(std::string_view source, std::string_view message) {
  write(Level::kError, source, message);
}

// Called before and after a line reaches a terminal, so that a progress line can make way.
void set_terminal_hooks(void (*before)(), void (*after)());

}  // namespace daydream::log
