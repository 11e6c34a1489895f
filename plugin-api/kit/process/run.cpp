#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>

#include "daydream/kit/process.hpp"
#include "spawn.hpp"

namespace daydream::process {

namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr std::chrono::seconds kGrace{2};  // from SIGTERM to SIGKILL
constexpr std::chrono::milliseconds kCancelPoll{100};
constexpr std::size_t kChunk = std::size_t{64} << 10;

// A write into a pipe whose reader is gone must not end us, and our signal handlers are the program's:
// SIGPIPE is blocked in this thread and taken away if the write raised it.
class SilencedPipe {
 public:
  SilencedPipe() {
    ::sigemptyset(&set_);
    ::sigaddset(&set_, SIGPIPE);
    sigset_t pending;
    ::sigpending(&pending);
    pending_before_ = ::sigismember(&pending, SIGPIPE) == 1;
    ::pthread_sigmask(SIG_BLOCK, &set_, &before_);
  }
  SilencedPipe(const SilencedPipe&) = delete;
  SilencedPipe& operator=(const SilencedPipe&) = delete;
  ~SilencedPipe() {
    const timespec at_once{};
    if (!pending_before_) {
      while (::sigtimedwait(&set_, nullptr, &at_once) < 0 && errno == EINTR) {
      }
    }
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t set_{}, before_{};
  bool pending_before_ = false;
};

struct Pipe {
  int read = -1, write = -1;
  Pipe() = default;
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close(read);
    close(write);
  }
  bool open() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return false;
    read = ends[0];
    write = ends[1];
    return true;
  }
  static void close(int& fd) {
    if (fd >= 0) ::close(fd);
    fd = -1;
  }
};

// One run, from the start of the program to the last byte of its output.
class Running {
 public:
  explicit Running(const Command& command) : command_(command) {}
  Result<Outcome> run();

 private:
  Result<Child> start();
  void serve();  // until the end
  void poll_once();
  void write_input();
  void read_output();
  void read_error();
  void look_at_limits();
  void end_group();  // asks once, then insists
  [[nodiscard]] bool finished() const;
  [[nodiscard]] int poll_timeout() const;

  const Command& command_;
  Pipe input_, output_, error_;
  std::size_t written_ = 0, seen_ = 0;
  Outcome outcome_;
  Child* child_ = nullptr;
  bool exited_ = false;
  SteadyClock::time_point deadline_;
  std::optional<SteadyClock::time_point> kill_at_;
  bool killed_ = false;
};

Result<Child> Running::start() {
  Child::Options options;
  options.arguments = command_.arguments;
  options.directory = command_.directory;
  options.environment = command_.environment ? *command_.environment : current_environment();
  for (const auto& [name, value] : command_.extra) (*options.environment)[name] = value;
  if (!output_.open() || !error_.open() || (!command_.input.empty() && !input_.open())) {
    return Error::from_errno(errno, "cannot start " + command_.arguments.front());
  }
  options.descriptors = {{1, output_.write}, {2, error_.write}};
  if (!command_.input.empty()) options.descriptors[0] = input_.read;
  auto child = Child::start(options);
  if (!child) return child;
  Pipe::close(output_.write);
  Pipe::close(error_.write);
  Pipe::close(input_.read);
  for (const int fd : {output_.read, error_.read, input_.write}) {
    if (fd >= 0) ::fcntl(fd, F_SETFL, O_NONBLOCK);
  }
  return child;
}

Result<Outcome> Running::run() {
  contract(!command_.arguments.empty(), "a command without a program");
  auto child = start();
  if (!child) return std::move(child.error());
  child_ = &*child;
  deadline_ = SteadyClock::now() + std::min<std::chrono::milliseconds>(command_.timeout, std::chrono::hours(24 * 365));
  serve();
  // All of the group is ended before the last bytes are read, so that nothing can be written after them.
  const auto end = child->wait(std::chrono::hours(24));
  read_output();
  read_error();
  if (end) {
    outcome_.exit_code = end->exit_code;
    outcome_.signal = end->signal;
  }
  if (outcome_.error.size() > command_.max_error) {
    outcome_.error.erase(0, outcome_.error.size() - command_.max_error);
  }
  return std::move(outcome_);
}

void Running::serve() {
  while (!finished()) {
    poll_once();
    look_at_limits();
  }
}

// A program that was asked to end may leave children that still clean up: they keep the pipes open and
// have the rest of the grace. One that ended by itself leaves nothing that anyone waits for.
bool Running::finished() const {
  if (!exited_) return false;
  if (!kill_at_ || killed_) return true;
  return output_.read < 0 && error_.read < 0;
}

int Running::poll_timeout() const {
  const auto until = kill_at_ ? (killed_ ? SteadyClock::time_point::max() : *kill_at_) : deadline_;
  if (until == SteadyClock::time_point::max()) return 1000;
  auto left = std::chrono::ceil<std::chrono::milliseconds>(until - SteadyClock::now());
  if (command_.cancelled && !kill_at_) left = std::min(left, kCancelPoll);
  return static_cast<int>(std::clamp<long long>(left.count(), 0, 60'000));
}

void Running::poll_once() {
  // poll passes over descriptors below 0.
  pollfd fds[4] = {{output_.read, POLLIN, 0},
                   {error_.read, POLLIN, 0},
                   {input_.write, POLLOUT, 0},
                   {exited_ ? -1 : child_->pidfd(), POLLIN, 0}};
  if (::poll(fds, 4, poll_timeout()) <= 0) return;
  if (fds[0].revents != 0) read_output();
  if (fds[1].revents != 0) read_error();
  if (fds[2].revents != 0) write_input();
  if (fds[3].revents != 0) exited_ = true;
}

void Running::write_input() {
  const SilencedPipe silenced;
  while (written_ < command_.input.size()) {
    const std::size_t size = std::min(command_.input.size() - written_, kChunk);
    const ssize_t count = ::write(input_.write, command_.input.data() + written_, size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) break;  // it does not want the rest
    written_ += static_cast<std::size_t>(count);
  }
  Pipe::close(input_.write);
}

// Gives every piece that is there to `take`, which says whether to go on; closes at the end of file.
template <class Take>
void drain(int& fd, const Take& take) {
  char buffer[kChunk];
  while (fd >= 0) {
    const ssize_t count = ::read(fd, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) {
      Pipe::close(fd);
      return;
    }
    if (!take(std::string_view(buffer, static_cast<std::size_t>(count)))) return;
  }
}

void Running::read_output() {
  std::size_t pieces = 0;
  drain(output_.read, [&](std::string_view bytes) {
    const std::size_t room = command_.max_output - std::min(seen_, command_.max_output);
    if (bytes.size() > room) outcome_.truncated = true;
    const std::string_view taken = bytes.substr(0, room);
    seen_ += taken.size();
    if (!taken.empty() && command_.on_output) command_.on_output(taken);
    if (!command_.on_output) outcome_.output += taken;
    // A program that never stops talking must not keep us from the clock, nor after its end from ending.
    return ++pieces < 64 && !(exited_ && outcome_.truncated);
  });
}

void Running::read_error() {
  std::size_t pieces = 0;
  drain(error_.read, [&](std::string_view bytes) {
    outcome_.error += bytes;
    if (outcome_.error.size() > 2 * command_.max_error + kChunk) {
      outcome_.error.erase(0, outcome_.error.size() - command_.max_error);
    }
    return ++pieces < 64;
  });
}

void Running::look_at_limits() {
  const auto now = SteadyClock::now();
  if (!kill_at_ && !exited_) {
    if (command_.cancelled && command_.cancelled()) outcome_.cancelled = true;
    if (now >= deadline_) outcome_.timed_out = true;
    if (outcome_.cancelled || outcome_.timed_out || outcome_.truncated) end_group();
  }
  if (kill_at_ && !killed_ && now >= *kill_at_) end_group();
}

void Running::end_group() {
  if (!kill_at_) {
    kill_at_ = SteadyClock::now() + kGrace;
    child_->signal_group(SIGTERM);
    child_->signal_group(SIGCONT);  // a stopped program takes no other signal
  } else {
    killed_ = true;
    child_->signal_group(SIGKILL);
  }
}

}  // namespace

Result<Outcome> run(const Command& command) {
  return Running(command).run();
}

std::string Outcome::describe() const {
  if (timed_out) return "timed out";
  if (cancelled) return "cancelled";
  if (truncated) return "its output was too large";
  if (signal != 0) {
    const char* words = ::sigdescr_np(signal);
    return "signal " + std::to_string(signal) + (words != nullptr ? " (" + std::string(words) + ")" : "");
  }
  return "exit " + std::to_string(exit_code);
}

}  // namespace daydream::process
