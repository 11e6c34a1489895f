// What a worker writes to its standard output and error: logged line by line, a flood is cut.
#pragma once

#include <cstddef>
#include <string>

namespace daydream::session {

class WorkerOutput {
 public:
  WorkerOutput(int descriptor, std::string source) : descriptor_(descriptor), source_(std::move(source)) {}
  // -1 once it has ended.
  [[nodiscard]] int descriptor() const { return descriptor_; }
  void read();  // what is there; does not wait
  [[nodiscard]] std::string last_line() const;

 private:
  void take_lines();
  void log_line(std::string_view line);

  int descriptor_;
  std::string source_;
  std::string rest_, last_;
  std::size_t logged_ = 0;
  bool flooded_ = false;
};

}  // namespace daydream::session
