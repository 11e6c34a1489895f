// Tries what the confinement forbids, and says of each attempt how it ended: "name ok" or "name E...".
// Configuration: the paths, one a line: a file that may be read, a file that may not, a folder that may
// not be written, the scratch folder.
// Every attempt must be harmless to the machine where it succeeds (a wall that is missing, a test without
// confinement, as root): outside the folders of the test only calls that change nothing: signal 0, no
// flags, reading a limit, arguments that the kernel refuses with another error than EPERM.
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <sstream>

#include "plugin.hpp"

namespace {

void tell(const char* what, long result) {
  say(std::string(what) + " " + (result >= 0 ? "ok" : ::strerrorname_np(errno)));
}

int open_and_close(const std::string& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, 0644);
  if (descriptor >= 0) ::close(descriptor);
  return descriptor;
}

void try_files(const std::string& readable, const std::string& hidden, const std::string& folder,
               const std::string& scratch) {
  tell("read-readable", open_and_close(readable, O_RDONLY));
  tell("read-hidden", open_and_close(hidden, O_RDONLY));
  tell("read-passwd", open_and_close("/etc/passwd", O_RDONLY));
  tell("write-readable", open_and_close(readable, O_WRONLY));
  tell("truncate-by-open", open_and_close(readable, O_RDONLY | O_TRUNC));
  tell("create-outside", open_and_close(folder + "/new", O_WRONLY | O_CREAT));
  tell("mkdir-outside", ::mkdir((folder + "/new").c_str(), 0777));
  tell("unlink-outside", ::unlink(readable.c_str()));
  tell("rename-outside", ::rename(readable.c_str(), (readable + "2").c_str()));
  tell("link-outside", ::link(readable.c_str(), (scratch + "/linked").c_str()));
  tell("symlink-outside", ::symlink("/etc", (folder + "/link").c_str()));
  tell("null", open_and_close("/dev/null", O_RDWR));
  tell("urandom", open_and_close("/dev/urandom", O_RDONLY));
  tell("create-scratch", open_and_close(scratch + "/mine", O_WRONLY | O_CREAT));
  tell("mkdir-scratch", ::mkdir((scratch + "/folder").c_str(), 0777));
  tell("rename-scratch", ::rename((scratch + "/mine").c_str(), (scratch + "/folder/mine").c_str()));
}

void try_attributes(const std::string& readable) {
  tell("truncate", ::truncate(readable.c_str(), 0));
  tell("chmod", ::chmod(readable.c_str(), 0777));
  tell("chown", ::chown(readable.c_str(), 0, 0));
  tell("utimes", ::utimensat(AT_FDCWD, readable.c_str(), nullptr, 0));
  tell("setxattr", ::setxattr(readable.c_str(), "user.x", "x", 1, 0));
  const int descriptor = ::open(readable.c_str(), O_RDONLY | O_CLOEXEC);
  tell("fchmod", ::fchmod(descriptor, 0777));
  tell("futimens", ::futimens(descriptor, nullptr));
  ::close(descriptor);
}

void try_calls() {
  tell("socket", ::socket(AF_INET, SOCK_STREAM, 0));
  tell("socket-unix", ::socket(AF_UNIX, SOCK_STREAM, 0));
  int pair[2];
  tell("socketpair", ::socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
  tell("mount", ::mount("none", "/nonexistent-daydream", "tmpfs", 0, nullptr));
  tell("unshare", ::unshare(0));
  tell("ptrace", ::ptrace(PTRACE_DETACH, 0, nullptr, nullptr));
  tell("bpf", ::syscall(SYS_bpf, 0, nullptr, 0));
  tell("io_uring", ::syscall(SYS_io_uring_setup, 1, nullptr));
  tell("userfaultfd", ::syscall(SYS_userfaultfd, 0));
  tell("keyctl", ::syscall(SYS_keyctl, 0, 0, 0, 0, 0));
  tell("kill-host", ::kill(::getppid(), 0));
  tell("kill-all", ::kill(-1, 0));
  tell("tgkill-host", ::syscall(SYS_tgkill, ::getppid(), ::getppid(), 0));
  tell("pidfd-host", ::syscall(SYS_pidfd_open, ::getppid(), 0));
  rlimit limit{};
  tell("prlimit-host", ::prlimit(::getppid(), RLIMIT_NOFILE, nullptr, &limit));
  const std::string memory = "/proc/" + std::to_string(::getppid()) + "/environ";
  tell("environ-host", open_and_close(memory, O_RDONLY));
}

// What a step may need: other programs, with the same walls around them.
void try_programs(const std::string& folder) {
  tell("program", ::system("/bin/true") == 0 ? 0 : -1);
  const std::string command = "/bin/echo x 2>/dev/null > " + folder + "/by-a-child";
  tell("program-writes-outside", ::system(("( " + command + " ) 2>/dev/null").c_str()) == 0 ? 0 : -1);
}

dd_status run(void*) noexcept {
  std::istringstream lines(config);
  std::string readable;
  std::string hidden;
  std::string folder;
  std::string scratch;
  std::getline(lines, readable);
  std::getline(lines, hidden);
  std::getline(lines, folder);
  std::getline(lines, scratch);
  try_attributes(readable);
  try_files(readable, hidden, folder, scratch);
  try_calls();
  try_programs(folder);
  const char* temporary = std::getenv("TMPDIR");
  say(std::string("TMPDIR ") + (temporary == nullptr ? "none" : temporary));
  return DD_OK;
}

}  // namespace

PLUGIN("tries_to_escape", run);
