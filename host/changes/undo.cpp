#include "changes/undo.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "changes/beneath.hpp"
#include "changes/compress.hpp"
#include "changes/durable.hpp"
#include "daydream/kit/hash.hpp"
#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::changes {

namespace {

using Outcome = Undone::Outcome;
constexpr std::size_t kMaxFile = std::size_t{64} << 20;

bool undecided(const Error& error) {
  return error.kind() == ErrorKind::kRetry || error.kind() == ErrorKind::kDamaged;
}

// What the place holds now, against what the step found and what it left.
Outcome judge(const UndoEntry& entry, const std::optional<std::string>& now) {
  if (now == entry.old) return Outcome::kAlready;
  const std::string hash = now ? hash::sha256_hex(*now) : "";
  return hash == entry.new_sha256 ? Outcome::kRestored : Outcome::kRefused;
}

Result<Undone> undo_one(const Path& live, const UndoEntry& entry) {
  Undone undone{Outcome::kRefused, entry.path, ""};
  auto place = beneath::open_place(live, entry.path, entry.old ? beneath::Missing::kCreate : beneath::Missing::kFail);
  if (!place && place.error().kind() == ErrorKind::kNotFound) {
    undone.outcome = Outcome::kAlready;
    return undone;
  }
  auto now = place ? beneath::read(*place, kMaxFile) : Result<std::optional<std::string>>(std::move(place.error()));
  if (!now) {
    if (undecided(now.error())) return std::move(now.error());
    undone.why = now.error().message();
    return undone;
  }
  undone.outcome = judge(entry, *now);
  if (undone.outcome == Outcome::kRefused) undone.why = "changed since the step wrote it";
  if (undone.outcome != Outcome::kRestored) return undone;
  auto restored = entry.old ? beneath::replace(*place, *entry.old, {entry.mode, true, true}) : beneath::unlink(*place);
  if (!restored) return std::move(restored.error());
  // A file that stands anew has its old mode, whatever the umask says.
  if (entry.old && !*now && ::fchmodat(place->folder.get(), place->name.c_str(), entry.mode, 0) != 0)
    return Error::from_errno(errno, text::show_path(entry.path));
  return undone;
}

bool was_compressed(const std::string& options) {
  auto parsed = json::Text::parse(options.empty() ? "{}" : options, {.name = "archive options", .positions = false});
  return !parsed || !parsed->root().IsObject() || json::get_string(parsed->root(), "compress", "zstd") == "zstd";
}

Result<void> write_all(int to, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(to, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Error::from_errno(errno, "writing");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> copy_out(int archived, bool compressed, int to) {
  if (compressed) return compress::expand(archived, [to](std::string_view part) { return write_all(to, part); });
  std::string buffer(std::size_t{1} << 16, '\0');
  for (;;) {
    const ssize_t got = ::read(archived, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Error::from_errno(errno, "reading the archive");
    if (got == 0) return {};
    if (auto put = write_all(to, std::string_view(buffer).substr(0, static_cast<std::size_t>(got))); !put) return put;
  }
}

// Under another name first, and never over a file that has come meanwhile.
Result<bool> put_back(int archived, bool compressed, const beneath::Place& place) {
  const std::string temporary = "." + place.name.substr(0, 200) + ".daydream-tmp";
  (void)::unlinkat(place.folder.get(), temporary.c_str(), 0);
  const files::Descriptor out(
      ::openat(place.folder.get(), temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640));
  if (out.get() < 0) return Error::from_errno(errno, text::show_path(place.name));
  auto copied = copy_out(archived, compressed, out.get());
  if (copied) copied = files::sync_file(out.get(), place.name);
  bool placed = false;
  if (copied) {
    placed = ::renameat2(place.folder.get(), temporary.c_str(), place.folder.get(), place.name.c_str(),
                         RENAME_NOREPLACE) == 0;
    if (!placed && errno != EEXIST) copied = Error::from_errno(errno, text::show_path(place.name));
  }
  if (!placed) (void)::unlinkat(place.folder.get(), temporary.c_str(), 0);
  if (!copied) return std::move(copied.error());
  return placed;
}

}  // namespace

Result<std::vector<Undone>> undo_edits(const Path& live, const std::vector<UndoEntry>& entries) {
  std::vector<Undone> all;
  // Created files go first: one of them may stand where a folder was.
  for (const bool creating : {false, true}) {
    for (const UndoEntry& entry : entries) {
      if (entry.old.has_value() != creating) continue;
      auto undone = undo_one(live, entry);
      if (!undone) return std::move(undone.error()).context(text::show_path(entry.path));
      all.push_back(std::move(*undone));
    }
  }
  if (auto synced = sync_file_systems({live}); !synced) return std::move(synced.error());
  return all;
}

Result<Undone> undo_archive(const Effect& effect, const std::vector<std::pair<std::string, Path>>& roots,
                            const Path& state_directory) {
  Undone undone{Outcome::kRefused, effect.path, ""};
  const auto refused = [&undone](std::string why) {
    undone.why = std::move(why);
    return undone;
  };
  const Path* root = nullptr;
  for (const auto& [name, path] : roots) {
    if (name == effect.root) root = &path;
  }
  if (root == nullptr) return refused("the manifest names no root " + effect.root + " any more");
  auto source = beneath::open_place(state_directory / "archive", effect.archive_path, beneath::Missing::kFail);
  const files::Descriptor archived(
      source ? ::openat(source->folder.get(), source->name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC) : -1);
  if (archived.get() < 0) return refused("its archive " + text::show_path(effect.archive_path) + " is gone");
  auto place = beneath::open_place(*root, effect.path, beneath::Missing::kCreate);
  if (!place)
    return undecided(place.error()) ? Result<Undone>(std::move(place.error())) : refused(place.error().message());
  auto there = beneath::look(*place);
  if (!there) return std::move(there.error());
  if (there->has_value()) {
    undone.outcome = Outcome::kAlready;  // it was kept, or a newer one stands there: neither is overwritten
    return undone;
  }
  auto placed = put_back(archived.get(), was_compressed(effect.options), *place);
  if (!placed) return std::move(placed.error()).context(text::show_path(effect.path));
  undone.outcome = *placed ? Outcome::kRestored : Outcome::kAlready;
  return undone;
}

}  // namespace daydream::changes
