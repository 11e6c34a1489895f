// What every bench shares: repetitions, medians, processes timed from outside, and the one form of a row:
// a median as a ratio to a control that was taken in turn with it, with the bar of DESIGN section 13.
// Nothing here asserts a time.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace daydream::bench {

using Steady = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

// DAYDREAM_BENCH_REPEAT, else what is usual for this row.
int repetitions(int usual);

template <class Work>
Seconds time_of(Work&& work) {
  const auto begun = Steady::now();
  work();
  return Steady::now() - begun;
}

// Medians of series that were taken in turn: one call of add() a repetition and series.
class Series {
 public:
  void add(Seconds taken) { taken_.push_back(taken); }
  [[nodiscard]] Seconds median() const;

 private:
  std::vector<Seconds> taken_;
};

// "name   12.3 ms   control 4.1 ms   3.00 x   bar 4   ok"
void row(const std::string& name, Seconds measured, Seconds control, double bar);
// The same without a bar: a figure to compare with.
void figure(const std::string& name, Seconds measured, Seconds control);
// An absolute bar.
void limit(const std::string& name, Seconds measured, Seconds bar);
void note(const std::string& words);

struct Program {
  std::vector<std::string> arguments;  // [0]: an absolute path, or looked up in PATH
  std::string directory;
  std::map<std::string, std::string> environment;
  std::string output = "/dev/null", error = "/dev/null";  // files
};

struct Ended {
  Seconds wall{}, cpu{};
  Steady::time_point begun;
  int exit_code = -1;  // -1: a signal
};

// A child that is not waited for yet; kill() and wait() in that order or wait() alone.
class Started {
 public:
  explicit Started(const Program& program);
  void kill() const;
  Ended wait() const;

 private:
  int pid_;
  Steady::time_point begun_;
};
Ended run(const Program& program);
// As run(), and ends the bench with the last words on stderr (where that is a file) unless it exits with 0.
Ended run_well(const Program& program);

[[noreturn]] void give_up(const std::string& words);

// Appends the bytes to a file and syncs its data: the price of one durable write.
class Appender {
 public:
  explicit Appender(const std::string& path);
  ~Appender();
  Appender(const Appender&) = delete;
  Appender& operator=(const Appender&) = delete;
  void append(const std::string& bytes) const;

 private:
  int descriptor_;
};

}  // namespace daydream::bench
