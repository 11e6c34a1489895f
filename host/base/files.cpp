#include "base/files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace daydream::files {

namespace {

constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

// A call repeated while a signal interrupts it.
template <class Call>
auto again(Call call) {
  for (;;) {
    const auto result = call();
    if (result != -1 || errno != EINTR) return result;
  }
}

Error failed(std::string_view what, const Path& path) {
  return Error::from_errno(errno, std::string(what) + " " + path.string());
}

Path folder_of(const Path& path) {
  const Path parent = path.parent_path();
  return parent.empty() ? Path(".") : parent;
}

Result<void> write_all(int fd, std::string_view bytes, const Path& name) {
  while (!bytes.empty()) {
    const ssize_t count = again([&] { return ::write(fd, bytes.data(), bytes.size()); });
    if (count < 0) return failed("cannot write", name);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

// The mode the new file gets: asked for, that of the old one, or nullopt = 0666 & umask.
std::optional<mode_t> mode_for(const Path& path, std::optional<unsigned> asked) {
  if (asked) return static_cast<mode_t>(*asked);
  struct stat old {};
  if (::stat(path.c_str(), &old) != 0) return std::nullopt;
  return old.st_mode & 07777U;
}

struct Temporary {
  Descriptor descriptor;
  Path path;
};

// A file of our own beside `path`. Not mkostemp: with mode 0666 the kernel applies the umask, which cannot
// be read without changing it for all threads.
Result<Temporary> create_beside(const Path& path) {
  // A name near NAME_MAX has no room for ours around it.
  const std::string stem = path.filename().string().substr(0, 200);
  for (int attempt = 0; attempt < 100; ++attempt) {
    unsigned char random[6];
    if (::getentropy(random, sizeof random) != 0) return failed("no random bytes for", path);
    std::string name = "." + stem + ".daydream-";
    for (const unsigned char byte : random) name += kLetters[byte % kLetters.size()];
    Path temporary = folder_of(path) / name;
    const int fd =
        again([&] { return ::open(temporary.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0666); });
    if (fd >= 0) return Temporary{Descriptor(fd), std::move(temporary)};
    if (errno != EEXIST) return failed("cannot create a file beside", path);
  }
  return Error(ErrorKind::kRetry, "cannot find a free name beside " + path.string());
}

Result<void> fill(Temporary& temporary, const Path& path, std::string_view content, Durability durability,
                  std::optional<mode_t> mode) {
  const int fd = temporary.descriptor.get();
  if (auto written = write_all(fd, content, path); !written) return written;
  if (mode && ::fchmod(fd, *mode) != 0) return failed("cannot set the mode of", path);
  if (durability == Durability::kSynced) {
    if (auto synced = sync_file(fd, path); !synced) return synced;
  }
  // close() reports what some file systems (NFS, quotas) find only then.
  if (::close(temporary.descriptor.release()) != 0 && errno != EINTR) return failed("cannot write", path);
  if (::rename(temporary.path.c_str(), path.c_str()) != 0) return failed("cannot replace", path);
  return {};
}

// One level of remove_tree: a folder still to be emptied, kept as a descriptor so that nobody can swap a
// symlink into its path meanwhile.
struct Level {
  DIR* folder;
  std::string name;  // in the folder above
};

void close_all(std::vector<Level>& levels) {
  for (const Level& level : levels) ::closedir(level.folder);
  levels.clear();
}

// unlink says EISDIR or EPERM of a folder; EPERM also of what may not be removed. Keeps errno.
bool is_folder(int at, const std::string& name) {
  const int number = errno;
  struct stat about {};
  const bool folder = ::fstatat(at, name.c_str(), &about, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(about.st_mode);
  errno = number;
  return folder;
}

// A folder that its owner may not read or change (as caches of packages are) is still theirs to remove.
// Through a descriptor, so that no symlink is followed.
bool make_ours(int at, const std::string& name) {
  const Descriptor folder(::openat(at, name.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  return folder.get() >= 0 && ::chmod(("/proc/self/fd/" + std::to_string(folder.get())).c_str(), 0700) == 0;
}

Result<DIR*> open_folder(int at, const std::string& name, const Path& shown) {
  const auto open = [&] {
    return again([&] { return ::openat(at, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC); });
  };
  int fd = open();
  if (fd < 0 && errno == EACCES && make_ours(at, name)) fd = open();
  if (fd < 0) return failed("cannot open", shown);
  DIR* folder = ::fdopendir(fd);
  if (folder == nullptr) {
    const int number = errno;
    ::close(fd);
    return Error::from_errno(number, "cannot open " + shown.string());
  }
  return folder;
}

// unlinkat in an open folder, made writable where that is what is missing.
bool unlink_in(DIR* folder, const std::string& name, int flags) {
  const int at = ::dirfd(folder);
  if (::unlinkat(at, name.c_str(), flags) == 0 || errno == ENOENT) return true;
  if (errno != EACCES || ::fchmod(at, 0700) != 0) return false;
  return ::unlinkat(at, name.c_str(), flags) == 0 || errno == ENOENT;
}

// Goes on with the deepest folder until an entry is a folder itself or none is left.
Result<void> empty_tree(std::vector<Level>& levels, const Path& shown) {
  while (!levels.empty()) {
    DIR* folder = levels.back().folder;
    errno = 0;
    const dirent* entry = ::readdir(folder);
    if (entry == nullptr) {
      if (errno != 0) return failed("cannot read", shown);
      const std::string name = levels.back().name;
      ::closedir(folder);
      levels.pop_back();
      if (levels.empty()) return {};
      if (!unlink_in(levels.back().folder, name, AT_REMOVEDIR)) return failed("cannot remove " + name + " in", shown);
      continue;
    }
    const std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    if (unlink_in(folder, name, 0)) continue;
    if (!is_folder(::dirfd(folder), name)) return failed("cannot remove " + name + " in", shown);
    if (levels.size() > 500) return Error(ErrorKind::kUnsupported, shown.string() + ": nested too deeply");
    auto inner = open_folder(::dirfd(folder), name, shown);
    if (!inner) return std::move(inner.error());
    levels.push_back({*inner, name});
  }
  return {};
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = other.release();
  }
  return *this;
}

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

Result<std::string> read(const Path& path, std::size_t max_bytes) {
  // O_NONBLOCK: opening a FIFO must not wait for a writer.
  const Descriptor file(again([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK); }));
  if (file.get() < 0) return failed("cannot open", path);
  struct stat about {};
  if (::fstat(file.get(), &about) != 0) return failed("cannot read", path);
  if (S_ISDIR(about.st_mode)) return Error(ErrorKind::kInvalid, "cannot read " + path.string() + ": it is a directory");
  std::string content;
  const auto size = static_cast<std::size_t>(about.st_size);
  const Error too_large(ErrorKind::kUnsupported,
                        "cannot read " + path.string() + ": larger than " + std::to_string(max_bytes) + " bytes");
  if (S_ISREG(about.st_mode) && size > max_bytes) return too_large;
  std::size_t used = 0;
  for (;;) {
    // One more byte than expected, so that the end is seen by the same loop; /proc says size 0.
    if (used == content.size()) content.resize(std::max(size + 1, used * 2 + 4096));
    const ssize_t count = again([&] { return ::read(file.get(), content.data() + used, content.size() - used); });
    if (count < 0) return failed("cannot read", path);
    if (count == 0) break;
    used += static_cast<std::size_t>(count);
    if (used > max_bytes) return too_large;
  }
  content.resize(used);
  return content;
}

Result<void> write_replace(const Path& path, std::string_view content, Durability durability,
                           std::optional<unsigned> mode) {
  const auto kept = mode_for(path, mode);
  auto temporary = create_beside(path);
  if (!temporary) return std::move(temporary.error());
  if (auto done = fill(*temporary, path, content, durability, kept); !done) {
    ::unlink(temporary->path.c_str());
    return done;
  }
  return durability == Durability::kSynced ? sync_directory(folder_of(path)) : Result<void>{};
}

Result<void> sync_file(int fd, const Path& name) {
  // Interrupted or not: what a second call says after a failed one means nothing, the kernel may have
  // dropped the pages and marked them clean.
  if (::fsync(fd) == 0) return {};
  return failed("cannot sync", name).as(ErrorKind::kRetry);
}

Result<void> sync_directory(const Path& directory) {
  const Descriptor folder(again([&] { return ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
  if (folder.get() < 0) return failed("cannot open", directory);
  return sync_file(folder.get(), directory);
}

Result<void> make_directories(const Path& path, unsigned mode) {
  Path built;
  for (const Path& part : path) {
    built /= part;
    if (::mkdir(built.c_str(), static_cast<mode_t>(mode)) == 0 || errno == EEXIST) continue;
    struct stat about {};
    const int number = errno;  // EROFS and EACCES come before EEXIST on some file systems
    if (::stat(built.c_str(), &about) == 0 && S_ISDIR(about.st_mode)) continue;
    return Error::from_errno(number, "cannot create " + built.string());
  }
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) return failed("cannot create", path);
  if (!S_ISDIR(about.st_mode)) {
    return Error(ErrorKind::kPermanent, "cannot create " + path.string() + ": it is there and no directory");
  }
  return {};
}

Result<void> remove_file(const Path& path) {
  if (::unlink(path.c_str()) == 0 || errno == ENOENT || errno == ENOTDIR) return {};
  return failed("cannot remove", path);
}

Result<void> remove_tree(const Path& path) {
  if (::unlink(path.c_str()) == 0 || errno == ENOENT || errno == ENOTDIR) return {};
  if (!is_folder(AT_FDCWD, path.string())) return failed("cannot remove", path);
  auto top = open_folder(AT_FDCWD, path.string(), path);
  if (!top) return top.error().kind() == ErrorKind::kNotFound ? Result<void>{} : std::move(top.error());
  std::vector<Level> levels{{*top, path.string()}};
  if (auto emptied = empty_tree(levels, path); !emptied) {
    close_all(levels);
    return emptied;
  }
  if (::rmdir(path.c_str()) == 0 || errno == ENOENT) return {};
  return failed("cannot remove", path);
}

bool exists(const Path& path) {
  struct stat about {};
  return ::lstat(path.c_str(), &about) == 0;
}

}  // namespace daydream::files
