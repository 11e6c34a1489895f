// What languages print when a program fails: which lines it begins with, and which go on with it. Pure. [any thread]
#pragma once

#include <string_view>

namespace daydream::logs {

// "Traceback (most recent call last):", with whatever before it.
bool begins_traceback(std::string_view line);
// The first line of what the runtime itself prints when the program ends: no logger wrote it.
bool begins_crash(std::string_view line);
// The head of a panic that only says where: its message is the line below it.
bool is_panic_place(std::string_view line);
// A line that only a crash writes: a frame, a cause, the head of a trace.
bool is_crash_line(std::string_view line);

// Follows the lines of a file whose records have no head.
class Traces {
 public:
  // The line belongs to the trace that was begun before it. REQUIRES: called for every line, in order.
  bool goes_on(std::string_view line);

 private:
  enum class Inside { kNothing, kPython, kGo, kRust };
  bool goes_on_inside(std::string_view line) const;

  Inside inside_ = Inside::kNothing;
  bool chained_ = false;  // a Python trace was announced that belongs to the one before
  bool message_ = false;  // of a panic: it stands below the place
};

}  // namespace daydream::logs
