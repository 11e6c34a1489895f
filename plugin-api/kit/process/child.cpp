#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "daydream/kit/process.hpp"
#include "spawn.hpp"

namespace daydream::process {

namespace {

using SteadyClock = std::chrono::steady_clock;

// True once the descriptor is readable.
bool readable_within(int fd, std::chrono::milliseconds at_most) {
  const auto deadline = SteadyClock::now() + at_most;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - SteadyClock::now()).count();
    pollfd poll_fd{fd, POLLIN, 0};
    const int count = ::poll(&poll_fd, 1, static_cast<int>(std::clamp<long long>(left, 0, 1'000'000)));
    if (count > 0) return true;
    if (count == 0 && left <= 0) return false;
    if (count < 0 && errno != EINTR) return false;
  }
}

}  // namespace

Result<Child> Child::start(const Options& options) {
  Spawn plan{.arguments = options.arguments,
             .directory = options.directory,
             .environment = options.environment ? *options.environment : current_environment(),
             .descriptors = options.descriptors,
             .die_with_parent = options.die_with_parent,
             .new_group = options.new_group};
  auto spawned = spawn(std::move(plan));
  if (!spawned) return std::move(spawned.error());
  Child child;
  child.pid_ = spawned->pid;
  child.pidfd_ = spawned->pidfd;
  child.grouped_ = options.new_group;
  return child;
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      pidfd_(std::exchange(other.pidfd_, -1)),
      grouped_(other.grouped_),
      exit_(other.exit_) {}

Child& Child::operator=(Child&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(pidfd_, other.pidfd_);
  std::swap(grouped_, other.grouped_);
  std::swap(exit_, other.exit_);
  return *this;
}

Child::~Child() {
  if (pid_ > 0 && !exit_) {
    signal_group(SIGKILL);
    wait(std::chrono::hours(24));
  }
  if (pidfd_ >= 0) ::close(pidfd_);
}

void Child::signal_group(int number) const {
  if (!exit_) send_signal(pid_, grouped_, number);
}

std::optional<Child::Exit> Child::wait(std::chrono::milliseconds at_most) {
  if (exit_ || pid_ <= 0) return exit_;
  if (!readable_within(pidfd_, at_most)) return std::nullopt;
  // Before it is reaped, while its number cannot belong to anyone else.
  if (grouped_) send_signal(pid_, true, SIGKILL);
  int status = 0;
  rusage usage{};
  pid_t reaped = -1;
  do {
    reaped = ::wait4(pid_, &status, 0, &usage);
  } while (reaped < 0 && errno == EINTR);
  Exit end;
  if (reaped == pid_ && WIFEXITED(status)) end.exit_code = WEXITSTATUS(status);
  if (reaped == pid_ && WIFSIGNALED(status)) end.signal = WTERMSIG(status);
  end.peak_memory_bytes = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
  const auto micros = [](const timeval& time) {
    return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
  };
  end.cpu = micros(usage.ru_utime) + micros(usage.ru_stime);
  exit_ = end;
  return exit_;
}

}  // namespace daydream::process
