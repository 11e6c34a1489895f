#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

#include "base/files.hpp"
#include "changes/beneath.hpp"
#include "changes/compress.hpp"
#include "changes/live_places.hpp"
#include "changes/live_source.hpp"
#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"
#include "daydream/kit/walk.hpp"

namespace daydream::changes {

namespace {

constexpr std::int64_t kNotSaid = -1;

struct Wish {
  bool compressed = true;
  bool unlink = false;
  std::int64_t size = kNotSaid, mtime_ns = kNotSaid;
};

Result<Wish> parse_wish(const std::string& options) {
  Wish wish;
  if (options.empty()) return wish;
  json::ParseOptions how;
  how.name = "archive options";
  how.positions = false;
  auto parsed = json::Text::parse(options, how);
  if (!parsed) return std::move(parsed.error());
  if (!parsed->root().IsObject()) return Error(ErrorKind::kInvalid, "archive options: not an object");
  std::string kind = json::get_string(parsed->root(), "compress", "zstd");
  if (kind != "zstd" && kind != "none") return Error(ErrorKind::kInvalid, "archive options: compress is zstd or none");
  wish.compressed = kind == "zstd";
  wish.unlink = json::get_bool(parsed->root(), "unlink");
  wish.size = json::get_int(parsed->root(), "size", kNotSaid);
  wish.mtime_ns = json::get_int(parsed->root(), "mtime_ns", kNotSaid);
  return wish;
}

void settle(Effect& effect, EffectState state, std::string detail) {
  effect.state = state;
  effect.detail = std::move(detail);
}

std::string why_changed(const Source& source, const Wish& wish) {
  std::int64_t mtime = source.facts().st_mtim.tv_sec * 1'000'000'000 + source.facts().st_mtim.tv_nsec;
  if ((wish.size != kNotSaid && wish.size != source.facts().st_size) ||
      (wish.mtime_ns != kNotSaid && wish.mtime_ns != mtime)) {
    return "changed since it was read: kept";
  }
  return source.open_for_writing() ? "open for writing: kept" : "";
}

// True when the archived file gives back exactly the bytes of the source.
Result<bool> same_bytes(int archived, bool compressed, int source) {
  if (::lseek(archived, 0, SEEK_SET) != 0) return Error::from_errno(errno, "reading the archive");
  off_t at = 0;
  bool equal = true;
  std::vector<char> mine;
  auto compare = [&](std::string_view part) -> Result<void> {
    mine.resize(part.size());
    std::size_t have = 0;
    while (equal && have < mine.size()) {
      ssize_t count = ::pread(source, mine.data() + have, mine.size() - have, at + static_cast<off_t>(have));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return Error::from_errno(errno, "reading the log");
      if (count == 0) equal = false;
      have += static_cast<std::size_t>(count);
    }
    equal = equal && std::string_view(mine.data(), mine.size()) == part;
    at += static_cast<off_t>(part.size());
    return {};
  };
  if (compressed) {
    auto expanded = compress::expand(archived, compare);
    if (!expanded && expanded.error().kind() == ErrorKind::kDamaged) return false;
    if (!expanded) return std::move(expanded.error());
  } else {
    std::vector<char> buffer(std::size_t{1} << 16);
    for (;;) {
      ssize_t count = ::read(archived, buffer.data(), buffer.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return Error::from_errno(errno, "reading the archive");
      if (count == 0) break;
      if (auto done = compare({buffer.data(), static_cast<std::size_t>(count)}); !done) return std::move(done.error());
    }
  }
  for (;;) {
    char beyond = 0;
    const ssize_t count = ::pread(source, &beyond, 1, at);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Error::from_errno(errno, "reading the log");
    return equal && count == 0;
  }
}

Result<void> copy_plain(int from, int to) {
  for (;;) {
    ssize_t count = ::copy_file_range(from, nullptr, to, nullptr, std::size_t{1} << 30, 0);
    if (count == 0) break;
    if (count > 0 || errno == EINTR) continue;
    if (errno != EXDEV && errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP)
      return Error::from_errno(errno, "copying");
    std::vector<char> buffer(std::size_t{1} << 16);
    ssize_t got = ::read(from, buffer.data(), buffer.size());
    if (got < 0 && errno != EINTR) return Error::from_errno(errno, "reading");
    if (got == 0) break;
    for (ssize_t put = 0; put < got;) {
      ssize_t written = ::write(to, buffer.data() + put, static_cast<std::size_t>(got - put));
      if (written < 0 && errno != EINTR) return Error::from_errno(errno, "writing");
      if (written > 0) put += written;
    }
  }
  return {};
}

// Written, synced and read back under another name before it takes its own.
Result<void> store(const Source& source, const beneath::Place& target, bool compressed) {
  std::string temporary = "." + target.name.substr(0, 200) + ".daydream-tmp";
  (void)::unlinkat(target.folder.get(), temporary.c_str(), 0);
  files::Descriptor out(
      ::openat(target.folder.get(), temporary.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (out.get() < 0) return Error::from_errno(errno, "creating the archive");
  if (::lseek(source.file(), 0, SEEK_SET) != 0) return Error::from_errno(errno, "reading the log");
  if (compressed) {
    auto done = compress::stream(source.file(), out.get());
    if (!done) return std::move(done.error());
  } else if (auto done = copy_plain(source.file(), out.get()); !done) {
    return done;
  }
  if (auto synced = files::sync_file(out.get(), target.name); !synced) return synced;
  auto same = same_bytes(out.get(), compressed, source.file());
  if (!same) return std::move(same.error());
  if (!*same) {
    (void)::unlinkat(target.folder.get(), temporary.c_str(), 0);
    return Error(ErrorKind::kConflict, "changed while it was archived: kept");
  }
  if (::renameat(target.folder.get(), temporary.c_str(), target.folder.get(), target.name.c_str()) != 0) {
    return Error::from_errno(errno, "naming the archive");
  }
  return {};
}

// The archive is there and true: the log may go, if it may.
Result<void> let_go(Effect& effect, const Source& source, const Wish& wish) {
  if (!wish.unlink) {
    settle(effect, EffectState::kApplied, "");
    return {};
  }
  auto why = source.remove();
  if (!why) return std::move(why.error());
  if (why->empty())
    settle(effect, EffectState::kApplied, "");
  else
    settle(effect, EffectState::kConflict, "archived, but " + *why + ": the log is kept");
  return {};
}

Result<void> finish_existing(Effect& effect, const Source& source, const beneath::Place& target, const Wish& wish) {
  files::Descriptor archived(
      ::openat(target.folder.get(), target.name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  struct stat facts {};
  if (archived.get() < 0 || ::fstat(archived.get(), &facts) != 0)
    return Error::from_errno(errno, "opening the archive");
  bool one_file = facts.st_ino == source.facts().st_ino && facts.st_dev == source.facts().st_dev;
  auto same = one_file ? Result<bool>(true) : same_bytes(archived.get(), wish.compressed, source.file());
  if (!same) return std::move(same.error());
  if (!*same) {
    settle(effect, EffectState::kConflict, "the archive holds something else under this name: the log is kept");
    return {};
  }
  if (auto synced = files::sync_file(archived.get(), target.name); !synced) return synced;
  return let_go(effect, source, wish);
}

Result<void> begin(Effect& effect, const Source& source, const beneath::Place& target, const Wish& wish) {
  if (std::string why = why_changed(source, wish); !why.empty()) {
    settle(effect, EffectState::kConflict, std::move(why));
    return {};
  }
  bool linked = !wish.compressed && wish.unlink && source.link_to(target);
  if (!linked) {
    auto stored = store(source, target, wish.compressed);
    if (!stored && stored.error().kind() == ErrorKind::kConflict) {
      settle(effect, EffectState::kConflict, stored.error().message());
      return {};
    }
    if (!stored) return stored;
  } else if (auto synced = files::sync_file(source.file(), target.name); !synced) {
    return synced;
  }
  if (auto synced = files::sync_file(target.folder.get(), "the folder of " + target.name); !synced) return synced;
  return let_go(effect, source, wish);
}

Result<beneath::Place> open_target(const Effect& effect, const LiveOptions& options) {
  Path folder = options.state_directory / "archive";
  if (auto made = files::make_directories(folder); !made) return std::move(made.error());
  return beneath::open_place(folder, effect.archive_path, beneath::Missing::kCreate);
}

}  // namespace

Result<void> apply_archive(Effect& effect, const Path& root, const LiveOptions& options) {
  auto wish = parse_wish(effect.options);
  if (!wish || !walk::clean_relative(effect.archive_path)) {
    settle(effect, EffectState::kRefused,
           wish ? "the name in the archive is not a clean relative path" : wish.error().message());
    return {};
  }
  if (!options.archive_apply) {
    settle(effect, EffectState::kProposed, "the step does not say \"archive\": {\"apply\": true}");
    return {};
  }
  auto target = open_target(effect, options);
  if (!target) return std::move(target.error()).context("archive of " + text::show_path(effect.path));
  auto archived = beneath::look(*target);
  if (!archived) return std::move(archived.error());
  auto place = beneath::open_place(root, effect.path, beneath::Missing::kFail);
  auto source =
      place ? Source::open(std::move(*place), archived->has_value()) : Result<Source>(std::move(place.error()));
  if (!source) {
    const Error& error = source.error();
    if (error.kind() == ErrorKind::kRetry) return std::move(source.error());
    if (error.kind() != ErrorKind::kNotFound) {
      settle(effect, EffectState::kConflict, error.message());
    } else if (archived->has_value()) {
      settle(effect, EffectState::kApplied, "");
    } else {
      settle(effect, EffectState::kConflict, "the log is gone, and no archive of it is there");
    }
    return {};
  }
  return archived->has_value() ? finish_existing(effect, *source, *target, *wish)
                               : begin(effect, *source, *target, *wish);
}

}  // namespace daydream::changes
