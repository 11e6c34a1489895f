#include "changes/beneath.hpp"

#include <fcntl.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

#include "daydream/kit/hash.hpp"
#include "daydream/kit/text.hpp"
#include "daydream/kit/walk.hpp"

namespace daydream::changes::beneath {

namespace {

constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

int open_folder(int parent, const std::string& name, Missing missing) {
  int fd = ::openat(parent, name.c_str(), kFolder);
  if (fd >= 0 || errno != ENOENT || missing == Missing::kFail) return fd;
  if (::mkdirat(parent, name.c_str(), 0777) != 0 && errno != EEXIST) return -1;
  return ::openat(parent, name.c_str(), kFolder);
}

// O_NOFOLLOW with O_DIRECTORY says ENOTDIR for a symlink.
Error folder_error(int number, std::string_view path) {
  std::string shown = text::show_path(path);
  if (number == ENOTDIR || number == ELOOP) {
    return {ErrorKind::kConflict, shown + ": a folder on the way is a symbolic link or a file"};
  }
  return Error::from_errno(number, shown);
}

Result<void> write_all(int fd, std::string_view content, const std::string& name) {
  while (!content.empty()) {
    ssize_t count = ::write(fd, content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Error::from_errno(errno, "writing " + text::show_path(name));
    content.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

// Extended attributes (access lists among them) go with the file; where the file system has none, none are lost.
void copy_attributes(int from, int to) {
  ssize_t size = ::flistxattr(from, nullptr, 0);
  if (size <= 0) return;
  std::vector<char> names(static_cast<std::size_t>(size));
  size = ::flistxattr(from, names.data(), names.size());
  std::vector<char> value;
  for (ssize_t at = 0; at < size;) {
    const char* name = names.data() + at;
    ssize_t length = ::fgetxattr(from, name, nullptr, 0);
    if (length >= 0) {
      value.resize(static_cast<std::size_t>(length));
      if (::fgetxattr(from, name, value.data(), value.size()) == length) {
        (void)::fsetxattr(to, name, value.data(), value.size(), 0);
      }
    }
    at += static_cast<ssize_t>(std::string_view(name).size()) + 1;
  }
}

Result<void> take_over(const Place& place, int temp, bool keep_owner) {
  files::Descriptor old(
      ::openat(place.folder.get(), place.name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (old.get() < 0) return {};
  struct stat before {};
  struct stat now {};
  if (::fstat(old.get(), &before) != 0 || ::fstat(temp, &now) != 0) {
    return Error::from_errno(errno, text::show_path(place.name));
  }
  if (keep_owner && (before.st_uid != now.st_uid || before.st_gid != now.st_gid) &&
      ::fchown(temp, before.st_uid, before.st_gid) != 0) {
    return Error(ErrorKind::kUnsupported, text::show_path(place.name) + ": its owner could not be kept");
  }
  if (keep_owner) copy_attributes(old.get(), temp);
  if (::fchmod(temp, before.st_mode & 07777) != 0) return Error::from_errno(errno, text::show_path(place.name));
  return {};
}

// One host at a time holds the lock, so a fixed name is enough; what a kill left is written over.
std::string temporary_name(const std::string& name) {
  constexpr std::size_t kRoom = 200;
  const std::string more = name.size() > kRoom ? "-" + hash::sha256_hex(name).substr(0, 8) : "";
  return "." + name.substr(0, kRoom) + more + ".daydream-tmp";
}

Result<files::Descriptor> create_temporary(const Place& place, unsigned mode) {
  const std::string name = temporary_name(place.name);
  (void)::unlinkat(place.folder.get(), name.c_str(), 0);
  int fd = ::openat(place.folder.get(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
  if (fd < 0) return Error::from_errno(errno, "creating a file beside " + text::show_path(place.name));
  return files::Descriptor(fd);
}

Result<void> fill(const Place& place, int file, std::string_view content, const Replace& options) {
  if (auto written = write_all(file, content, place.name); !written) return written;
  if (auto taken = take_over(place, file, options.keep_owner); !taken) return taken;
  return options.synced ? files::sync_file(file, text::show_path(place.name)) : Result<void>();
}

}  // namespace

Result<Place> open_place(const Path& root, std::string_view path, Missing missing) {
  if (!walk::clean_relative(path)) {
    return Error(ErrorKind::kInvalid, text::show_path(path) + ": not a clean relative path");
  }
  files::Descriptor folder(::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0) return Error::from_errno(errno, root.string());
  auto parts = text::split(path, '/');
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    int next = open_folder(folder.get(), std::string(parts[i]), missing);
    if (next < 0) return folder_error(errno, path);
    folder = files::Descriptor(next);
  }
  return Place{std::move(folder), std::string(parts.back())};
}

Result<std::optional<struct stat>> look(const Place& place) {
  struct stat facts {};
  if (::fstatat(place.folder.get(), place.name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) == 0) return std::optional(facts);
  if (errno == ENOENT) return std::optional<struct stat>();
  return Error::from_errno(errno, text::show_path(place.name));
}

Result<std::optional<std::string>> read(const Place& place, std::size_t max_bytes) {
  int fd = ::openat(place.folder.get(), place.name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0 && errno == ENOENT) return std::optional<std::string>();
  std::string shown = text::show_path(place.name);
  if (fd < 0 && errno == ELOOP) return Error(ErrorKind::kConflict, shown + ": a symbolic link");
  if (fd < 0) return Error::from_errno(errno, shown);
  files::Descriptor file(fd);
  struct stat facts {};
  if (::fstat(fd, &facts) != 0) return Error::from_errno(errno, shown);
  if (!S_ISREG(facts.st_mode)) return Error(ErrorKind::kConflict, shown + ": not a regular file");
  if (static_cast<std::uint64_t>(facts.st_size) > max_bytes)
    return Error(ErrorKind::kUnsupported, shown + ": too large");
  std::string content(static_cast<std::size_t>(facts.st_size), '\0');
  std::size_t have = 0;
  for (;;) {
    if (have == content.size()) content.resize(have + 4096);
    ssize_t count = ::read(fd, content.data() + have, content.size() - have);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Error::from_errno(errno, "reading " + shown);
    if (count == 0) break;
    have += static_cast<std::size_t>(count);
    if (have > max_bytes) return Error(ErrorKind::kUnsupported, shown + ": too large");
  }
  content.resize(have);
  return std::optional(std::move(content));
}

Result<std::optional<std::string>> read(const Path& root, std::string_view path, std::size_t max_bytes) {
  auto place = open_place(root, path, Missing::kFail);
  if (!place) {
    if (place.error().kind() == ErrorKind::kNotFound) return std::optional<std::string>();
    return std::move(place.error());
  }
  return read(*place, max_bytes);
}

Result<void> stage(const Place& place, std::string_view content, const Replace& options) {
  auto temporary = create_temporary(place, options.new_mode);
  if (!temporary) return std::move(temporary.error());
  auto filled = fill(place, temporary->get(), content, options);
  if (!filled) drop_staged(place);
  return filled;
}

Result<void> put_staged(const Place& place) {
  const std::string temporary = temporary_name(place.name);
  if (::renameat(place.folder.get(), temporary.c_str(), place.folder.get(), place.name.c_str()) == 0) return {};
  const int number = errno;
  if (number == EISDIR || number == ENOTDIR)
    return Error(ErrorKind::kConflict, text::show_path(place.name) + ": a folder lies there");
  return Error::from_errno(number, "renaming to " + text::show_path(place.name));
}

void drop_staged(const Place& place) {
  (void)::unlinkat(place.folder.get(), temporary_name(place.name).c_str(), 0);
}

bool drop_staged_twin(const Place& place, const struct stat& facts) {
  struct stat twin {};
  const std::string temporary = temporary_name(place.name);
  if (::fstatat(place.folder.get(), temporary.c_str(), &twin, AT_SYMLINK_NOFOLLOW) != 0) return false;
  if (twin.st_ino != facts.st_ino || twin.st_dev != facts.st_dev) return false;
  return ::unlinkat(place.folder.get(), temporary.c_str(), 0) == 0;
}

Result<void> replace(const Place& place, std::string_view content, const Replace& options) {
  if (auto staged = stage(place, content, options); !staged) return staged;
  auto done = put_staged(place);
  if (!done) drop_staged(place);
  return done;
}

Result<void> unlink(const Place& place) {
  if (::unlinkat(place.folder.get(), place.name.c_str(), 0) == 0 || errno == ENOENT) return {};
  return Error::from_errno(errno, "removing " + text::show_path(place.name));
}

}  // namespace daydream::changes::beneath
