// Which of N points are tried, and what is said of them at the end.
#pragma once

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <random>
#include <string>

namespace daydream::crash {

inline bool is_long() {
  return std::getenv("DAYDREAM_LONG") != nullptr;
}

// What a trial found wrong; "" when all was right.
using Trial = std::function<std::string(std::uint64_t point)>;

// With DAYDREAM_LONG every point (every DAYDREAM_STRIDE-th, when set); else as many as `time` allows, spread
// evenly in the order of a golden-ratio sequence that begins at a seed (DAYDREAM_SEED repeats it).
// DAYDREAM_POINT tries that one point alone.
class Sweep {
 public:
  Sweep(std::string title, std::uint64_t points, std::chrono::milliseconds time)
      : title_(std::move(title)), points_(points), end_(std::chrono::steady_clock::now() + time) {}

  void run(const Trial& trial) {
    if (const char* one = std::getenv("DAYDREAM_POINT")) {
      attempt(trial, static_cast<std::uint64_t>(std::atoll(one)));
    } else if (is_long()) {
      const char* given = std::getenv("DAYDREAM_STRIDE");
      const std::uint64_t stride = given != nullptr ? static_cast<std::uint64_t>(std::atoll(given)) : 1;
      for (std::uint64_t point = 0; point < points_; point += stride) attempt(trial, point);
    } else {
      sample(trial);
    }
    std::cout << title_ << ": points " << points_ << ", tried " << tried_ << ", failures " << failures_ << seed_
              << std::endl;
    CHECK(tried_ > 0);
    CHECK(failures_ == 0);
  }

 private:
  void sample(const Trial& trial) {
    const char* given = std::getenv("DAYDREAM_SEED");
    const auto seed = given != nullptr ? static_cast<unsigned>(std::atoi(given)) : std::random_device{}();
    seed_ = ", DAYDREAM_SEED=" + std::to_string(seed);
    double place = std::uniform_real_distribution<double>(0, 1)(*std::make_unique<std::mt19937>(seed));
    while (tried_ < points_ && (tried_ < 2 || std::chrono::steady_clock::now() < end_)) {
      attempt(trial, static_cast<std::uint64_t>(place * static_cast<double>(points_)));
      place += 0.6180339887498949;
      if (place >= 1) place -= 1;
    }
  }

  void attempt(const Trial& trial, std::uint64_t point) {
    ++tried_;
    const std::string wrong = trial(point);
    show_that_it_goes_on();
    if (wrong.empty()) return;
    ++failures_;
    UNSCOPED_INFO("DAYDREAM_POINT=" << point << ": " << wrong);
    std::cout << title_ << ": DAYDREAM_POINT=" << point << ": " << wrong << std::endl;
  }

  // A sweep of thousands takes an hour.
  void show_that_it_goes_on() {
    const auto now = std::chrono::steady_clock::now();
    if (now - shown_ < std::chrono::minutes(1)) return;
    shown_ = now;
    std::cout << title_ << ": points " << points_ << ", so far tried " << tried_ << ", failures " << failures_
              << std::endl;
  }

  std::string title_, seed_;
  std::uint64_t points_, tried_ = 0, failures_ = 0;
  std::chrono::steady_clock::time_point end_, shown_ = std::chrono::steady_clock::now();
};

}  // namespace daydream::crash
