// The registers of a process that stands before a system call.
#pragma once

#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/user.h>

namespace daydream::crash {

#if defined(__x86_64__)
class Registers {
 public:
  bool read(pid_t thread) { return ptrace(PTRACE_GETREGS, thread, nullptr, &values_) == 0; }
  [[nodiscard]] long number() const { return static_cast<long>(values_.orig_rax); }
  [[nodiscard]] unsigned long argument(int index) const {
    const unsigned long all[] = {values_.rdi, values_.rsi, values_.rdx, values_.r10, values_.r8, values_.r9};
    return all[index];
  }
  // After the call: what it returned, -errno where it failed.
  [[nodiscard]] long result() const { return static_cast<long>(values_.rax); }
  // The call is left out and returns the error.
  bool fail(pid_t thread, int error) {
    values_.orig_rax = ~0ULL;
    values_.rax = static_cast<unsigned long long>(-static_cast<long long>(error));
    return ptrace(PTRACE_SETREGS, thread, nullptr, &values_) == 0;
  }
  // Only write and pwrite64 with two bytes or more; false for others.
  bool halve(pid_t thread) {
    if ((number() != SYS_write && number() != SYS_pwrite64) || values_.rdx < 2) return false;
    values_.rdx /= 2;
    return ptrace(PTRACE_SETREGS, thread, nullptr, &values_) == 0;
  }

 private:
  user_regs_struct values_{};
};
#else
class Registers {  // can_trace() says no
 public:
  bool read(pid_t) { return false; }
  [[nodiscard]] long number() const { return -1; }
  [[nodiscard]] unsigned long argument(int) const { return 0; }
  [[nodiscard]] long result() const { return -1; }
  bool fail(pid_t, int) { return false; }
  bool halve(pid_t) { return false; }
};
#endif

}  // namespace daydream::crash
