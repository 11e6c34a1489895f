// How a worker comes to be: a process of its own (exec of this program), or, for a debugger, a thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/files.hpp"
#include "daydream/kit/process.hpp"
#include "daydream/kit/result.hpp"

namespace daydream::session {

class Worker {
 public:
  virtual ~Worker() = default;                              // ends it, whatever it does
  virtual files::Descriptor take_channel() = 0;             // our end of the socket pair, once
  [[nodiscard]] virtual int exit_descriptor() const = 0;    // readable when it has ended; -1 = never tells
  [[nodiscard]] virtual int output_descriptor() const = 0;  // its stdout and stderr; -1 = none
  [[nodiscard]] virtual int pid() const = 0;                // 0: none of its own
  virtual void signal(int number) = 0;                      // to all of its process group
  virtual std::optional<process::Child::Exit> wait(std::chrono::milliseconds at_most) = 0;
};

using Launcher = std::function<Result<std::unique_ptr<Worker>>()>;

// `<program> --worker 3` in a cleaned environment and its own process group; dies with us. Its standard
// input is /dev/null, or the descriptor given.
Launcher process_launcher(std::string program, int standard_input = -1);

}  // namespace daydream::session
