// One line a step on a terminal: done/total, rate and time left; it makes way for log lines. Where
// stderr is no terminal nothing of this is written: log lines are all there is.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "session/progress.hpp"

namespace daydream::cli {

// What the line says; pure. `width`: columns of the terminal.
std::string progress_line(const session::StepProgress& progress, std::chrono::milliseconds since_start,
                          std::size_t width);
// `text` cut at `width` columns; wide characters count two, combining ones none.
std::string fit(const std::string& utf8, std::size_t width);

// A sink that draws on stderr, or nullptr when stderr is not a terminal. While it lives the log makes
// room for it. REQUIRES: at most one lives at a time.
std::unique_ptr<session::ProgressSink> terminal_progress();

}  // namespace daydream::cli
