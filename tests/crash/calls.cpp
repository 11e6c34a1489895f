#include "crash/calls.hpp"

#include <fcntl.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <map>
#include <memory>

namespace daydream::crash {

namespace {

const std::map<CallKind, std::vector<const char*>> kCalls = {
    {CallKind::kWrite, {"write", "pwrite64", "writev", "pwritev", "pwritev2", "copy_file_range", "sendfile", "splice"}},
    {CallKind::kSync, {"fsync", "fdatasync", "sync_file_range", "syncfs", "msync", "sync"}},
    {CallKind::kName,
     {"rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "unlink", "unlinkat", "mkdir",
      "mkdirat", "rmdir"}},
    {CallKind::kSize, {"truncate", "ftruncate", "fallocate"}},
    {CallKind::kMode, {"chmod", "fchmod", "fchmodat", "chown", "fchown", "fchownat", "utimensat"}},
    {CallKind::kSend, {"sendto", "sendmsg", "sendmmsg"}},
    {CallKind::kOpen, {"open", "openat", "openat2", "creat"}},
    {CallKind::kRead, {"read", "pread64", "readv", "recvfrom", "recvmsg"}},
};

const std::map<long, CallKind>& kinds() {
  static const std::map<long, CallKind> known = [] {
    std::map<long, CallKind> made;
    for (const auto& [kind, names] : kCalls) {
      for (const char* name : names) {
        const int number = seccomp_syscall_resolve_name(name);
        if (number != __NR_SCMP_ERROR) made[number] = kind;
      }
    }
    return made;
  }();
  return known;
}

void stop_at(scmp_filter_ctx context, const char* name) {
  const int number = seccomp_syscall_resolve_name(name);
  if (number == __NR_SCMP_ERROR) return;
  // Of the calls that open a file only those that may write; openat2 keeps its flags in memory: all of them.
  const bool open = std::string(name) == "open", openat = std::string(name) == "openat";
  if (!open && !openat) {
    REQUIRE(seccomp_rule_add(context, SCMP_ACT_TRACE(0), number, 0) == 0);
    return;
  }
  for (const unsigned flag : {O_CREAT, O_TRUNC, O_WRONLY, O_RDWR}) {
    const scmp_arg_cmp has = SCMP_CMP64(open ? 1U : 2U, SCMP_CMP_MASKED_EQ, flag, flag);
    REQUIRE(seccomp_rule_add(context, SCMP_ACT_TRACE(0), number, 1, has) == 0);
  }
}

}  // namespace

CallKind kind_of(long number) {
  const auto found = kinds().find(number);
  return found == kinds().end() ? CallKind::kNone : found->second;
}

std::string name_of_call(long number) {
  const std::unique_ptr<char, decltype(&free)> name(
      seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, static_cast<int>(number)), free);
  return name ? name.get() : std::to_string(number);
}

const char* name_of(CallKind kind) {
  switch (kind) {
    case CallKind::kNone:
      return "none";
    case CallKind::kWrite:
      return "write";
    case CallKind::kSync:
      return "sync";
    case CallKind::kName:
      return "name";
    case CallKind::kSize:
      return "size";
    case CallKind::kMode:
      return "mode";
    case CallKind::kSend:
      return "send";
    case CallKind::kOpen:
      return "open";
    case CallKind::kRead:
      return "read";
  }
  return "?";
}

std::vector<sock_filter> filter_program(bool with_reads) {
  const std::unique_ptr<void, decltype(&seccomp_release)> context(seccomp_init(SCMP_ACT_ALLOW), seccomp_release);
  REQUIRE(context != nullptr);
  for (const auto& [kind, names] : kCalls) {
    if (kind == CallKind::kRead && !with_reads) continue;
    for (const char* name : names) stop_at(context.get(), name);
  }
  const int file = memfd_create("filter", MFD_CLOEXEC);
  REQUIRE(file >= 0);
  REQUIRE(seccomp_export_bpf(context.get(), file) == 0);
  const off_t size = lseek(file, 0, SEEK_END);
  std::vector<sock_filter> program(static_cast<std::size_t>(size) / sizeof(sock_filter));
  REQUIRE(pread(file, program.data(), static_cast<std::size_t>(size), 0) == size);
  close(file);
  return program;
}

}  // namespace daydream::crash
