#include "worker/crash_words.hpp"

#include <pthread.h>

#include <array>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <string_view>

namespace daydream::worker {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

constexpr std::uintptr_t kAroundTheEnd = std::uintptr_t{256} << 10;  // a frame may step over the guard page

// A handler gets no argument of ours. Set once, before code of a plugin runs.
Link* the_link = nullptr;
std::uintptr_t stack_end = 0;

const char* words_of(int number, std::uintptr_t address) {
  const bool stack = address + kAroundTheEnd > stack_end && address < stack_end + kAroundTheEnd;
  switch (number) {
    case SIGSEGV:
      if (stack) return "the plugin used up its stack: a function that calls itself without end?";
      return address < 4096 ? "the plugin used a null pointer" : "the plugin touched memory that is not its own";
    case SIGBUS:
      return "the plugin touched memory that is not there: a mapped file that has become shorter?";
    case SIGFPE:
      return "the plugin divided by zero";
    default:
      return "the plugin came to bytes that are no instruction";
  }
}

// What it calls is not all async-signal-safe by the letter; the process is at its end either way.
void on_crash(int number, siginfo_t* about, void*) {
  static std::array<char, 256> words;
  const auto address = reinterpret_cast<std::uintptr_t>(about->si_addr);
  const bool sent_by_somebody = about->si_code <= 0;
  const int size = sent_by_somebody ? std::snprintf(words.data(), words.size(),
                                                    "somebody sent the plugin's process signal %d", number)
                                    : std::snprintf(words.data(), words.size(), "%s (address 0x%zx)",
                                                    words_of(number, address), static_cast<std::size_t>(address));
  if (size > 0) the_link->last_words(std::string_view(words.data(), static_cast<std::size_t>(size)));
  ::raise(number);  // pending until we return; the handler is the default again
}

void find_stack_end() {
  pthread_attr_t attributes;
  if (::pthread_getattr_np(::pthread_self(), &attributes) != 0) return;
  void* lowest = nullptr;
  std::size_t size = 0;
  if (::pthread_attr_getstack(&attributes, &lowest, &size) == 0) stack_end = reinterpret_cast<std::uintptr_t>(lowest);
  ::pthread_attr_destroy(&attributes);
}

}  // namespace

void tell_crashes(Link& link) {
  if (kSanitized) return;
  alignas(16) static std::array<char, std::size_t{64} << 10> stack;
  the_link = &link;
  find_stack_end();
  stack_t own{};
  own.ss_sp = stack.data();
  own.ss_size = stack.size();
  ::sigaltstack(&own, nullptr);
  struct sigaction action {};
  action.sa_sigaction = on_crash;
  action.sa_flags = static_cast<int>(SA_SIGINFO | SA_ONSTACK | SA_RESETHAND);
  for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL}) ::sigaction(number, &action, nullptr);
}

}  // namespace daydream::worker
