#include "worker/worker.hpp"

#include <cxxabi.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <typeinfo>

#include "worker/confinement.hpp"
#include "worker/crash_words.hpp"
#include "worker/task.hpp"

namespace daydream::worker {
namespace {

constexpr int kGone = 75;
constexpr int kWrong = 70;

// For the handlers below, which get no argument. Set once, before code of a plugin runs.
Link* the_link = nullptr;

// The exception that is on its way, in words, into `words`; what was written.
int describe_exception(std::array<char, 1024>& words) noexcept {
  const std::type_info* const type = abi::__cxa_current_exception_type();
  if (type == nullptr)
    return std::snprintf(words.data(), words.size(), "the plugin ended the process by std::terminate");
  int status = 0;
  char* const readable = abi::__cxa_demangle(type->name(), nullptr, nullptr, &status);  // never freed
  const char* const name = readable == nullptr ? type->name() : readable;
  try {
    std::rethrow_exception(std::current_exception());
  } catch (const std::bad_alloc&) {
    return std::snprintf(words.data(), words.size(),
                         "the plugin found no more memory (std::bad_alloc); limits.memory of its step is its bound");
  } catch (const std::exception& error) {
    return std::snprintf(words.data(), words.size(), "an exception left the plugin: %s: %s", name, error.what());
  } catch (...) {
    return std::snprintf(words.data(), words.size(), "an exception left the plugin: %s", name);
  }
}

// An exception that nobody caught, most often one that left the plugin through the C frame: said to the
// host by name before the process aborts.
[[noreturn]] void on_terminate() noexcept {
  static std::array<char, 1024> words;
  const auto size = static_cast<std::size_t>(std::max(0, describe_exception(words)));
  if (the_link != nullptr) the_link->last_words({words.data(), std::min(size, words.size() - 1)});
  std::abort();
}

// What a plugin forks may live on, but not speak to the host.
void in_forked_child() {
  if (the_link != nullptr) ::close(the_link->descriptor());
}

// Nothing inherited: the host may block signals or ignore them. A closed pipe is an error, not the end.
void reset_signals() {
  constexpr int kLast = 64;
  for (int number = 1; number <= kLast; ++number) std::signal(number, SIG_DFL);
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

int refuse(const Error& error) {
  std::fprintf(stderr, "daydream worker: %s\n", error.message().c_str());
  return error.kind() == ErrorKind::kInvalid ? kWrong : kGone;
}

}  // namespace

int serve(int descriptor) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  reset_signals();
  ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  static Link link{files::Descriptor(descriptor), true};  // its threads run until the process ends
  auto start = link.receive_start();
  if (!start) return refuse(start.error());
  frames::Ready ready;
  ready.missing = confine(*start);
  if (!start->scratch.empty()) ::setenv("TMPDIR", start->scratch.c_str(), 1);
  if (!link.start()) return refuse(Error(ErrorKind::kRetry, "no threads to be had"));
  the_link = &link;
  std::set_terminate(on_terminate);
  tell_crashes(link);
  ::pthread_atfork(nullptr, nullptr, in_forked_child);
  run_task(link, *start, std::move(ready));
  ::_exit(0);
}

int serve_in_process(int descriptor) {
  Link link{files::Descriptor(descriptor), false};
  auto start = link.receive_start();
  if (!start) return refuse(start.error());
  if (!link.start()) return refuse(Error(ErrorKind::kRetry, "no threads to be had"));
  run_task(link, *start, {{"confinement: the step runs inside the host (--in-process)"}});
  link.stop();
  return 0;
}

}  // namespace daydream::worker
