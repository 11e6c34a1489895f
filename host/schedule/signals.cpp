#include "schedule/signals.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>

namespace daydream::schedule {

namespace {

constexpr int kResumable = 75;

std::atomic<int> event{-1};
std::atomic<bool> requested{false};
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);

void on_signal(int number) {
  const int saved = errno;
  if (requested.exchange(true) && number == SIGINT) ::_exit(kResumable);
  const std::uint64_t one = 1;
  const ssize_t ignored = ::write(event.load(), &one, sizeof one);
  static_cast<void>(ignored);
  errno = saved;
}

}  // namespace

Result<int> catch_stop_signals() {
  if (event.load() >= 0) return event.load();
  const int fd = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (fd < 0) return Error::from_errno(errno, "cannot watch for signals");
  event = fd;
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  for (const int number : {SIGTERM, SIGINT}) {
    if (::sigaction(number, &action, nullptr) != 0) return Error::from_errno(errno, "cannot watch for signals");
  }
  return fd;
}

bool stop_requested() {
  return requested;
}

}  // namespace daydream::schedule
