#include "daydream/kit/walk.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "beneath.hpp"
#include "daydream/kit/text.hpp"
#include "ignore.hpp"

namespace daydream::walk {

namespace {

constexpr std::size_t kMaxIgnoreFile = std::size_t{1} << 20;

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};
using FolderStream = std::unique_ptr<DIR, CloseFolder>;

struct Entry {
  std::string name;
  unsigned char type = DT_UNKNOWN;
};

// A folder found and not yet read.
struct Pending {
  std::string path;  // "" for the root, else without '/' at its end
  int depth = 0;
  std::shared_ptr<const IgnoreFrame> ignore;
};

std::string child(const std::string& folder, const std::string& name) {
  return folder.empty() ? name : folder + "/" + name;
}

Result<Descriptor> open_root(const std::string& root) {
  const int opened = ::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (opened < 0) return Error::from_errno(errno, "folder " + text::show_path(root));
  return Descriptor(opened);
}

// One walk: a stack of folders still to read; only one of them is open at a time.
class Walker {
 public:
  Walker(int root, const Options& options) : root_(root), options_(options) {}

  Listing run() {
    pending_.push_back({"", 0, nullptr});
    while (!pending_.empty()) {
      const Pending folder = std::move(pending_.back());
      pending_.pop_back();
      read_folder(folder);
    }
    std::sort(listing_.files.begin(), listing_.files.end(),
              [](const File& a, const File& b) { return a.path < b.path; });
    std::sort(listing_.skipped.begin(), listing_.skipped.end());
    return std::move(listing_);
  }

 private:
  void skip(const std::string& path) { listing_.skipped.push_back(path.empty() ? "." : path); }

  void read_folder(const Pending& folder) {
    constexpr int kFlags = O_RDONLY | O_DIRECTORY | O_NONBLOCK;
    Result<Descriptor> opened = folder.path.empty() ? again(root_) : open_below(root_, folder.path, kFlags);
    FolderStream stream(opened ? ::fdopendir(opened->get()) : nullptr);
    if (stream == nullptr) return skip(folder.path);
    opened->release();
    std::vector<Entry> entries;
    if (!read_entries(stream.get(), entries)) return skip(folder.path);
    const bool repository =
        std::any_of(entries.begin(), entries.end(), [](const Entry& entry) { return entry.name == ".git"; });
    if (repository && !folder.path.empty() && !options_.nested_repositories) return;
    const auto ignore = rules_of(folder, entries, ::dirfd(stream.get()));
    for (const Entry& entry : entries) visit(folder, entry, ignore, ::dirfd(stream.get()));
  }

  static Result<Descriptor> again(int folder) {
    const int opened = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0) return Error::from_errno(errno, "folder");
    return Descriptor(opened);
  }

  static bool read_entries(DIR* stream, std::vector<Entry>& entries) {
    while (true) {
      errno = 0;
      const dirent* entry = ::readdir(stream);  // NOLINT(concurrency-mt-unsafe): the stream is ours alone
      if (entry == nullptr) return errno == 0;
      const std::string_view name = entry->d_name;
      if (name != "." && name != "..") entries.push_back({std::string(name), entry->d_type});
    }
  }

  std::shared_ptr<const IgnoreFrame> rules_of(const Pending& folder, const std::vector<Entry>& entries, int directory) {
    if (!options_.gitignore) return nullptr;
    std::shared_ptr<const IgnoreFrame> frame = folder.ignore;
    const std::string prefix = folder.path.empty() ? "" : folder.path + "/";
    const auto add = [&](const char* file) {
      auto opened = open_below(directory, file, O_RDONLY | O_NONBLOCK);
      struct stat status {};
      if (!opened || ::fstat(opened->get(), &status) != 0 || !S_ISREG(status.st_mode)) return;
      auto content = read_all(opened->get(), kMaxIgnoreFile, file);
      if (!content) return skip(prefix + file);
      auto rules = parse_ignore_rules(*content);
      if (!rules.empty()) frame = std::make_shared<const IgnoreFrame>(IgnoreFrame{frame, prefix, std::move(rules)});
    };
    const auto has = [&entries](std::string_view name) {
      return std::any_of(entries.begin(), entries.end(), [name](const Entry& entry) { return entry.name == name; });
    };
    if (has(".git")) {
      if (!folder.path.empty()) frame = nullptr;  // another repository has rules of its own
      add(".git/info/exclude");
    }
    if (has(".gitignore")) add(".gitignore");
    return frame;
  }

  [[nodiscard]] bool excluded(const std::string& path) const {
    return std::any_of(options_.exclude.begin(), options_.exclude.end(),
                       [&path](const std::string& glob) { return text::glob_match(glob, path); });
  }

  void visit(const Pending& folder, const Entry& entry, const std::shared_ptr<const IgnoreFrame>& ignore,
             int directory) {
    if (entry.name == ".git") return;
    if (entry.type != DT_REG && entry.type != DT_DIR && entry.type != DT_UNKNOWN) return;
    std::string path = child(folder.path, entry.name);
    struct stat status {};
    const bool known_folder = entry.type == DT_DIR;
    if (!known_folder && ::fstatat(directory, entry.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
      if (errno != ENOENT) skip(path);
      return;
    }
    const bool is_folder = known_folder || S_ISDIR(status.st_mode);
    if (!is_folder && !S_ISREG(status.st_mode)) return;
    const std::string shape = is_folder ? path + "/" : path;
    if (is_ignored(ignore.get(), shape) || excluded(shape)) return;
    if (is_folder) {
      if (folder.depth + 1 > options_.max_depth) return skip(path);
      pending_.push_back({std::move(path), folder.depth + 1, ignore});
      return;
    }
    listing_.files.push_back({std::move(path), static_cast<std::uint64_t>(status.st_size),
                              std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec,
                              status.st_ino, status.st_dev});
  }

  int root_;
  const Options& options_;
  std::vector<Pending> pending_;
  Listing listing_;
};

Result<Descriptor> open_file(const std::string& root, std::string_view path) {
  auto folder = open_root(root);
  if (!folder) return folder.error();
  auto file = open_below(folder->get(), path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  if (!file) return file.error();
  struct stat status {};
  if (::fstat(file->get(), &status) != 0) return Error::from_errno(errno, text::show_path(path));
  if (!S_ISREG(status.st_mode)) return Error(ErrorKind::kPermanent, text::show_path(path) + ": not a regular file");
  return file;
}

}  // namespace

Result<Listing> list(const std::string& root, const Options& options) {
  auto folder = open_root(root);
  if (!folder) return folder.error();
  return Walker(folder->get(), options).run();
}

Result<int> open_beneath(const std::string& root, std::string_view path) {
  auto file = open_file(root, path);
  if (!file) return file.error();
  return file->release();
}

Result<std::string> read_beneath(const std::string& root, std::string_view path, std::size_t max_bytes) {
  auto file = open_file(root, path);
  if (!file) return file.error();
  return read_all(file->get(), max_bytes, path);
}

}  // namespace daydream::walk
