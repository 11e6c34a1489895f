// Other programs: spawned without a shell, in a process group of their own, with limits on time and
// output. [any thread]
#pragma once

#include <chrono>
#include <csignal>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daydream/kit/result.hpp"

namespace daydream::process {

struct Command {
  // [0] is looked up in our PATH when it has no '/'; a relative one with '/' counts from `directory`.
  std::vector<std::string> arguments;
  std::string directory;  // "" = ours
  // The whole environment of the child when set; else ours. `extra` is added to either.
  std::optional<std::map<std::string, std::string>> environment;
  std::map<std::string, std::string> extra;
  std::string input;                                // for its standard input; "" = /dev/null
  std::chrono::milliseconds timeout{60'000};        // then SIGTERM, 2 s later SIGKILL, to the whole group
  std::size_t max_output = std::size_t{64} << 20;   // of stdout; over it the group is ended, `truncated`
  std::size_t max_error = 64 << 10;                 // of stderr: the last bytes are kept
  std::function<bool()> cancelled;                  // polled at least each 100 ms; true ends the group
  std::function<void(std::string_view)> on_output;  // when set, stdout goes here instead of `output`
};

struct Outcome {
  int exit_code = -1;  // when it exited
  int signal = 0;      // when a signal ended it
  bool timed_out = false;
  bool truncated = false;
  bool cancelled = false;
  std::string output;
  std::string error;
  [[nodiscard]] bool good() const { return exit_code == 0 && signal == 0 && !timed_out && !truncated && !cancelled; }
  // "exit 3", "signal 11 (Segmentation fault)", "timed out", ...
  [[nodiscard]] std::string describe() const;
};

// Runs it to its end; nothing of its group is left. An error only where it could not be started
// (kNotFound: no such program).
Result<Outcome> run(const Command& command);

// A child that lives on beside us. Closing kills its group and reaps it.
class Child {
 public:
  struct Options {
    std::vector<std::string> arguments;  // [0] an absolute path, or looked up in PATH
    std::string directory;
    std::optional<std::map<std::string, std::string>> environment;
    // descriptor in the child <- descriptor of ours; all others are closed. 0, 1, 2 default to
    // /dev/null, ours, ours.
    std::map<int, int> descriptors;
    // PR_SET_PDEATHSIG, SIGKILL. The kernel means the thread that starts the child: start it from one that
    // lives as long as it should.
    bool die_with_parent = true;
    bool new_group = true;
  };
  static Result<Child> start(const Options& options);
  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) noexcept;
  ~Child();

  [[nodiscard]] int pid() const { return pid_; }
  [[nodiscard]] int pidfd() const { return pidfd_; }  // readable once it has ended
  void signal_group(int number) const;
  struct Exit {
    int exit_code = -1;
    int signal = 0;
    // Its ru_maxrss: at least what we ourselves held when it was started (a child is a copy until it execs).
    std::uint64_t peak_memory_bytes = 0;
    std::chrono::microseconds cpu{0};
  };
  // The exit if it has ended within the time; reaps it, kills what is left of its group.
  std::optional<Exit> wait(std::chrono::milliseconds at_most);

 private:
  Child() = default;
  int pid_ = -1;
  int pidfd_ = -1;
  bool grouped_ = false;
  std::optional<Exit> exit_;
};

// PATH look-up; kNotFound names the program. Relative parts of PATH are passed over: they would name files
// of whatever folder we happen to be in.
Result<std::string> find_program(std::string_view name);
// The path of the running executable.
std::string self_path();

}  // namespace daydream::process
