#include "cli/stop.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>

namespace daydream::cli {
namespace {

std::atomic<int> event{-1};
std::atomic<bool> requested{false};

// The handler stays for one signal only: the next one does what it does by default.
void on_signal(int /*number*/) {
  const int saved = errno;
  requested = true;
  const std::uint64_t one = 1;
  (void)!::write(event.load(), &one, sizeof one);
  errno = saved;
}

}  // namespace

Result<int> catch_stop_signals() {
  event = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (event < 0) return Error::from_errno(errno, "eventfd for signals");
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
  for (const int number : {SIGTERM, SIGINT}) {
    if (::sigaction(number, &action, nullptr) != 0) return Error::from_errno(errno, "sigaction");
  }
  return event.load();
}

bool stop_requested() {
  return requested;
}

}  // namespace daydream::cli
