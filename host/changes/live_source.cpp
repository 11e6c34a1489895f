#include "changes/live_source.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <thread>

#include "daydream/kit/hash.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::changes {

namespace {

// An open() that looked the name up before it was withdrawn has ended after this, or waits for our lease.
constexpr std::chrono::milliseconds kOpensEnd{10};

std::string held(const std::string& name) {
  constexpr std::size_t kRoom = 200;  // of the 255 that a name may have
  const std::string more = name.size() > kRoom ? "-" + hash::sha256_hex(name).substr(0, 8) : "";
  return "." + name.substr(0, kRoom) + more + ".daydream-held";
}

// 0, or errno. Never over another file.
int rename(const beneath::Place& place, const std::string& from, const std::string& to) {
  const int folder = place.folder.get();
  if (::renameat2(folder, from.c_str(), folder, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  // A file system that cannot promise it.
  if (::faccessat(folder, to.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0) return EEXIST;
  return ::renameat(folder, from.c_str(), folder, to.c_str()) == 0 ? 0 : errno;
}

// For good, as far as we can tell: another try would end the same. EROFS: logs that are mounted to be read.
bool is_forbidden(int number) {
  return number == EACCES || number == EPERM || number == EROFS;
}

}  // namespace

Result<Source> Source::open(beneath::Place place, bool archived) {
  const bool taken = rename(place, held(place.name), place.name) == EEXIST;
  const std::string name = taken && archived ? held(place.name) : place.name;
  const int fd = ::openat(place.folder.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) {
    const int number = errno;
    if (number == ELOOP) return Error(ErrorKind::kConflict, text::show_path(name) + ": a symbolic link");
    return Error::from_errno(number, text::show_path(name));
  }
  Source source{std::move(place), name, files::Descriptor(fd)};
  if (::fstat(fd, &source.facts_) != 0) return Error::from_errno(errno, text::show_path(name));
  if (!S_ISREG(source.facts_.st_mode))
    return Error(ErrorKind::kConflict, text::show_path(name) + ": not a regular file");
  return source;
}

bool Source::open_for_writing() const {
  // Who opens it while we hold the lease makes the kernel signal us: not by SIGIO, which would end us.
  (void)::fcntl(file_.get(), F_SETSIG, SIGURG);
  if (::fcntl(file_.get(), F_SETLEASE, F_RDLCK) == 0) {
    (void)::fcntl(file_.get(), F_SETLEASE, F_UNLCK);
    return false;
  }
  return errno == EAGAIN;
}

std::string Source::why_kept(const std::string& name) const {
  struct stat now {};
  const bool there = ::fstatat(place_.folder.get(), name.c_str(), &now, AT_SYMLINK_NOFOLLOW) == 0;
  const bool same = there && now.st_ino == facts_.st_ino && now.st_dev == facts_.st_dev &&
                    now.st_size == facts_.st_size && now.st_mtim.tv_sec == facts_.st_mtim.tv_sec &&
                    now.st_mtim.tv_nsec == facts_.st_mtim.tv_nsec;
  if (open_for_writing()) return "open for writing";
  return same ? "" : "changed meanwhile";
}

bool Source::link_to(const beneath::Place& target) const {
  return ::linkat(place_.folder.get(), now_.c_str(), target.folder.get(), target.name.c_str(), 0) == 0;
}

Result<std::string> Source::remove() const {
  if (std::string why = why_kept(now_); !why.empty()) return why;
  const std::string aside = held(place_.name);
  const int number = now_ == aside ? 0 : rename(place_, now_, aside);
  if (number == ENOENT) return std::string("changed meanwhile");
  if (number == EEXIST) return "a log of an earlier night still lies beside it as " + text::show_path(aside);
  if (is_forbidden(number)) return "it may not be removed (" + std::string(std::strerror(number)) + ")";
  if (number != 0) return Error::from_errno(number, "removing " + text::show_path(place_.name));
  std::this_thread::sleep_for(kOpensEnd);
  if (std::string why = why_kept(aside); !why.empty()) {
    const bool named = rename(place_, aside, place_.name) == 0;
    return named ? why : why + ", and its name is taken by another file; it is " + text::show_path(aside) + " now";
  }
  if (::unlinkat(place_.folder.get(), aside.c_str(), 0) == 0 || errno == ENOENT) return std::string();
  return Error::from_errno(errno, "removing " + text::show_path(aside));
}

}  // namespace daydream::changes
