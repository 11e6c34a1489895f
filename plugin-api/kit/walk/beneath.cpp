#include "beneath.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>

#include "daydream/kit/text.hpp"
#include "daydream/kit/walk.hpp"

namespace daydream::walk {

namespace {

// Links are refused by ELOOP, escapes by EXDEV.
Error refused(int number, std::string_view path) {
  const std::string shown = text::show_path(path);
  if (number == ELOOP) return {ErrorKind::kPermanent, shown + ": a symbolic link, not followed"};
  if (number == EXDEV) return {ErrorKind::kPermanent, shown + ": leads out of its root"};
  return Error::from_errno(number, shown);
}

Error not_clean(std::string_view path) {
  return {ErrorKind::kPermanent, "\"" + text::show_path(path) + "\": not a clean path below its root"};
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

bool clean_relative(std::string_view path) {
  if (path.empty() || path.find('\0') != std::string_view::npos) return false;
  const auto parts = text::split(path, '/');
  return std::none_of(parts.begin(), parts.end(),
                      [](std::string_view part) { return part.empty() || part == "." || part == ".."; });
}

Result<Descriptor> open_below_by_parts(int directory, std::string_view path, int flags) {
  if (!clean_relative(path)) return not_clean(path);
  Descriptor held;
  int at = directory;
  const auto parts = text::split(path, '/');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string part(parts[i]);
    const bool last = i + 1 == parts.size();
    const int how = last ? flags : O_PATH | O_DIRECTORY;
    const int opened = ::openat(at, part.c_str(), how | O_NOFOLLOW | O_CLOEXEC);
    if (opened < 0) {
      const int number = errno;
      struct stat status {};
      // For a directory asked for, the kernel says ENOTDIR of a link too.
      const bool link = number == ENOTDIR && ::fstatat(at, part.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
                        S_ISLNK(status.st_mode);
      return refused(link ? ELOOP : number, path);
    }
    held = Descriptor(opened);
    at = opened;
  }
  return held;
}

Result<Descriptor> open_below(int directory, std::string_view path, int flags) {
  if (!clean_relative(path)) return not_clean(path);
  const std::string name(path);
  open_how how{};
  how.flags = static_cast<std::uint64_t>(static_cast<unsigned>(flags | O_CLOEXEC | O_NOFOLLOW));
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  const long opened = ::syscall(SYS_openat2, directory, name.c_str(), &how, sizeof how);
  if (opened >= 0) return Descriptor(static_cast<int>(opened));
  // ENOSYS and EPERM: an old kernel, a sandbox. EAGAIN: a rename elsewhere made the kernel unsure.
  // ENAMETOOLONG: longer than one call may name, but no part of it is.
  if (errno == ENOSYS || errno == EPERM || errno == EAGAIN || errno == ENAMETOOLONG)
    return open_below_by_parts(directory, path, flags);
  return refused(errno, path);
}

Result<std::string> read_all(int file, std::size_t max_bytes, std::string_view shown) {
  const auto too_large = [&] {
    return Error(ErrorKind::kUnsupported,
                 text::show_path(shown) + ": larger than " + std::to_string(max_bytes) + " bytes");
  };
  struct stat status {};
  if (::fstat(file, &status) != 0) return Error::from_errno(errno, text::show_path(shown));
  const auto expected = static_cast<std::size_t>(std::max<off_t>(status.st_size, 0));
  if (expected > max_bytes) return too_large();
  std::string content;
  content.resize(std::max<std::size_t>(expected + 1, 4096));  // one more byte shows the end without another turn
  std::size_t size = 0;
  while (true) {
    const ssize_t got = ::read(file, content.data() + size, content.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Error::from_errno(errno, text::show_path(shown));
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
    if (size > max_bytes) return too_large();
    if (size == content.size()) content.resize(size * 2);
  }
  content.resize(size);
  return content;
}

}  // namespace daydream::walk
