#include "confine/seccomp.hpp"

#include <linux/fs.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

namespace daydream::confine {
namespace {

// What neither a step nor the broker has a use for, and why each group is closed. Names that libseccomp or the
// kernel do not know are skipped.
struct Group {
  const char* why;
  std::array<const char*, 18> calls;
};
constexpr Group kNetwork{"no network: requests go through the host's broker", {"socket", "socketpair"}};
constexpr Group kResize{"no file is cut short behind the host's back: Landlock learnt this only in its third version",
                        {"truncate", "truncate64", "ftruncate", "ftruncate64"}};
constexpr Group kPrograms{"nothing else is started", {"execve", "execveat"}};
constexpr std::array<Group, 7> kClosed = {{
    {"owner, mode, attributes and times of files are beyond Landlock, also of files that may only be read",
     {"chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown", "lchown", "fchownat", "setxattr", "lsetxattr",
      "fsetxattr", "removexattr", "lremovexattr", "fremovexattr", "utime", "utimes", "futimesat", "utimensat"}},
    {"the same by newer calls", {"setxattrat", "removexattrat", "file_setattr"}},
    {"the tree of mounts and namespaces, in which paths mean what Landlock's rules meant",
     {"mount", "umount", "umount2", "pivot_root", "chroot", "move_mount", "open_tree", "fsopen", "fsmount", "fsconfig",
      "fspick", "mount_setattr", "unshare", "setns", "swapon", "swapoff", "quotactl", "open_by_handle_at"}},
    {"memory and descriptors of other processes, the host's among them",
     {"ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "pidfd_getfd", "kcmp"}},
    {"the kernel itself: code, modules, restarts",
     {"bpf", "kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module", "reboot",
      "perf_event_open", "syslog", "acct", "iopl", "ioperm"}},
    {"known ways round a filter of calls, and handles on faults of other threads",
     {"io_uring_setup", "io_uring_enter", "io_uring_register", "userfaultfd", "fanotify_init"}},
    {"keys of the user, and the machine's clock and name",
     {"keyctl", "add_key", "request_key", "settimeofday", "clock_settime", "clock_adjtime", "adjtimex", "stime",
      "sethostname", "setdomainname"}},
}};

using Context = std::unique_ptr<void, decltype(&seccomp_release)>;
constexpr std::uint64_t kInt = 0xffffffffU;  // the part of an argument that an int fills

class Filter {
 public:
  Filter() : context_(seccomp_init(SCMP_ACT_ALLOW), seccomp_release) {}
  [[nodiscard]] bool made() const { return context_ != nullptr; }
  [[nodiscard]] int error() const { return error_; }
  int load() { return seccomp_load(context_.get()); }

  template <class... Comparison>
  void close(const char* call, int with, Comparison... when) {
    const int number = seccomp_syscall_resolve_name(call);
    if (number == __NR_SCMP_ERROR) return;
    const std::array<scmp_arg_cmp, sizeof...(when)> conditions{when...};
    const int result = seccomp_rule_add_array(context_.get(), SCMP_ACT_ERRNO(static_cast<unsigned>(with)), number,
                                              static_cast<unsigned>(sizeof...(when)), conditions.data());
    if (result < 0) error_ = result;
  }

 private:
  Context context_;
  int error_ = 0;
};

scmp_arg_cmp argument(unsigned index, std::uint64_t value) {
  return SCMP_CMP64(index, SCMP_CMP_MASKED_EQ, kInt, value);
}

// Calls that are needed, but not with these arguments.
void close_by_argument(Filter& filter, int host) {
  // A new namespace. clone3 hides its flags in memory: without it libc falls back to clone.
  for (const int flag : {CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWIPC, CLONE_NEWUTS}) {
    const auto bits = static_cast<std::uint64_t>(static_cast<unsigned>(flag));
    filter.close("clone", EPERM, SCMP_CMP64(0, SCMP_CMP_MASKED_EQ, bits, bits));
  }
  filter.close("clone3", ENOSYS);
  // Typing into a terminal; attributes of files through ioctl.
  for (const std::uint64_t request : {std::uint64_t{0x5412} /* TIOCSTI */, std::uint64_t{0x541c} /* TIOCLINUX */,
                                      std::uint64_t{FS_IOC_SETFLAGS}, std::uint64_t{FS_IOC_FSSETXATTR}})
    filter.close("ioctl", EPERM, argument(1, request));
  // Limits of other processes (0 is the caller).
  filter.close("prlimit64", EPERM, SCMP_CMP64(0, SCMP_CMP_NE, 0));
  // Signals to the host, to all, or to the host's group: also where Landlock knows nothing of signals.
  const auto target = [](int pid) { return static_cast<std::uint64_t>(static_cast<std::uint32_t>(pid)); };
  for (const int pid : {host, -1, -::getpgid(host)})
    if (pid != -::getpgrp()) filter.close("kill", EPERM, argument(0, target(pid)));
  for (const char* call : {"tkill", "tgkill", "pidfd_open", "rt_sigqueueinfo", "rt_tgsigqueueinfo"})
    filter.close(call, EPERM, argument(0, target(host)));
}

}  // namespace

std::vector<std::string> restrict_calls(const Calls& calls) {
  Filter filter;
  if (!filter.made()) return {"seccomp could not be prepared"};
  const auto close = [&filter](const Group& group) {
    for (const char* call : group.calls)
      if (call != nullptr) filter.close(call, EPERM);
  };
  for (const Group& group : kClosed) close(group);
  if (!calls.network) close(kNetwork);
  if (!calls.programs) close(kPrograms);
  if (!calls.resize) close(kResize);
  close_by_argument(filter, calls.host);
  if (filter.error() != 0) return {std::string("seccomp: ") + std::strerror(-filter.error())};
  if (const int result = filter.load(); result < 0) return {std::string("seccomp: ") + std::strerror(-result)};
  return {};
}

}  // namespace daydream::confine
