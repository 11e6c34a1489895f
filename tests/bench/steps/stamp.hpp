// Tells the bench when something happened: a log line that it reads from the host's stderr.
#pragma once

#include <chrono>
#include <daydream/sdk.hpp>
#include <string>

namespace daydream::bench {

inline void stamp(const sdk::Run& run, const std::string& word,
                  std::chrono::steady_clock::time_point when = std::chrono::steady_clock::now()) {
  run.info("bench-stamp " + word + " " + std::to_string(when.time_since_epoch().count()) + " ");
}

}  // namespace daydream::bench
