// A disk that fails to sync, by LD_PRELOAD into the host alone. DAYDREAM_SYNC_FAIL=n: the n-th sync fails with EIO, and
// as ext4, XFS and btrfs do it the kernel goes on to show the bytes and calls their pages clean, though the disk never
// got them. What the disk has is shown again after posix_fadvise(POSIX_FADV_DONTNEED). In DAYDREAM_SYNC_FOLDER: `log`
// with a line for each sync, `<inode>.synced` with the bytes of the last good one, `<inode>.lost` after a failed one.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>

namespace {

int calls = 0;

bool is_host() {
  static const bool host = [] {
    char name[4096];
    const ssize_t size = readlink("/proc/self/exe", name, sizeof name);
    const std::string path(name, size > 0 ? static_cast<std::size_t>(size) : 0);
    return std::getenv("DAYDREAM_SYNC_FOLDER") != nullptr && path.size() > 9 &&
           path.substr(path.size() - 9) == "/daydream";
  }();
  return host;
}

std::string in_folder(const std::string& name) {
  return std::string(std::getenv("DAYDREAM_SYNC_FOLDER")) + "/" + name;
}

std::string name_of(int fd) {
  char name[4096];
  const ssize_t size = readlink(("/proc/self/fd/" + std::to_string(fd)).c_str(), name, sizeof name);
  return {name, size > 0 ? static_cast<std::size_t>(size) : 0};
}

std::string inode_of(int fd) {
  struct stat about {};
  return fstat(fd, &about) == 0 && S_ISREG(about.st_mode) ? std::to_string(about.st_ino) : "";
}

void copy(const std::string& from, const std::string& to, int flags) {
  const int in = open(from.c_str(), O_RDONLY | O_CLOEXEC);
  const int out = open(to.c_str(), O_WRONLY | O_CLOEXEC | O_TRUNC | flags, 0600);
  char buffer[65536];
  for (ssize_t got = 0; in >= 0 && out >= 0 && (got = read(in, buffer, sizeof buffer)) > 0;) {
    if (write(out, buffer, static_cast<std::size_t>(got)) != got) break;
  }
  if (in >= 0) close(in);
  if (out >= 0) close(out);
}

void note(int fd, const char* how) {
  const std::string line = std::string(how) + " " + name_of(fd) + "\n";
  const int log = open(in_folder("log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (log < 0) return;
  if (write(log, line.data(), line.size()) < 0) std::abort();
  close(log);
}

int sync(int fd, long call) {
  if (!is_host()) return static_cast<int>(syscall(call, fd));
  const char* wanted = std::getenv("DAYDREAM_SYNC_FAIL");
  const std::string inode = inode_of(fd);
  const std::string shown = "/proc/self/fd/" + std::to_string(fd);
  if (wanted != nullptr && ++calls == std::atoi(wanted)) {
    note(fd, "failed");
    // A temporary file goes when its sync fails, and its number is the next one's.
    const bool kept = !inode.empty() && name_of(fd).find(".daydream-") == std::string::npos;
    if (kept) close(open(in_folder(inode + ".lost").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    errno = EIO;
    return -1;
  }
  note(fd, "synced");
  const int result = static_cast<int>(syscall(call, fd));
  if (result == 0 && !inode.empty()) copy(shown, in_folder(inode + ".synced"), O_CREAT);
  return result;
}

}  // namespace

extern "C" {

int fsync(int fd) {
  return sync(fd, SYS_fsync);
}
int fdatasync(int fd) {
  return sync(fd, SYS_fdatasync);
}
int syncfs(int fd) {
  return sync(fd, SYS_syncfs);
}

int posix_fadvise(int fd, off_t offset, off_t size, int advice) {
  const std::string inode = is_host() && advice == POSIX_FADV_DONTNEED ? inode_of(fd) : "";
  const std::string lost = inode.empty() ? "" : in_folder(inode + ".lost");
  if (!lost.empty() && access(lost.c_str(), F_OK) == 0) {
    copy(in_folder(inode + ".synced"), "/proc/self/fd/" + std::to_string(fd), 0);
    unlink(lost.c_str());
  }
  return static_cast<int>(syscall(SYS_fadvise64, fd, offset, size, advice));
}
int posix_fadvise64(int fd, off64_t offset, off64_t size, int advice) {
  return posix_fadvise(fd, offset, size, advice);
}

}  // extern "C"
