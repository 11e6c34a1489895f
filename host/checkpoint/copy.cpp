#include "checkpoint/copy.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "base/files.hpp"
#include "checkpoint/header.hpp"
#include "checkpoint/repair.hpp"
#include "checkpoint/state.hpp"

namespace daydream::checkpoint {

namespace {

Result<void> back_up(Database& source, const Path& file) {
  auto target = Database::open(file, Database::Access::kWrite);
  if (!target) return std::move(target.error());
  // The temporary file is synced once, as a whole, before it gets its name.
  auto unsynced = target->execute("PRAGMA synchronous=OFF");
  if (!unsynced) return unsynced;
  sqlite3_backup* backup = sqlite3_backup_init(target->handle(), "main", source.handle(), "main");
  if (backup == nullptr) return error_of(target->handle(), "copy");
  int code = sqlite3_backup_step(backup, -1);
  int finished = sqlite3_backup_finish(backup);
  if (code != SQLITE_DONE || finished != SQLITE_OK) return error_of(target->handle(), "copy");
  auto mode = target->text("PRAGMA journal_mode=DELETE");
  if (!mode) return std::move(mode.error());
  return {};
}

Result<void> sync_path(const Path& file) {
  files::Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (descriptor.get() < 0) return Error::from_errno(errno, file.string());
  return files::sync_file(descriptor.get(), file);
}

Result<void> remove_with_journals(const Path& file) {
  for (const char* suffix : {"", "-journal", "-wal", "-shm"}) {
    auto removed = files::remove_file(file.string() + suffix);
    if (!removed) return removed;
  }
  return {};
}

}  // namespace

Result<ChainState> check_copy(const Path& copy) {
  if (!files::exists(copy)) return Error(ErrorKind::kNotFound, "there is no copy " + copy.string());
  auto database = Database::open(copy, Database::Access::kImmutable);
  if (!database) return std::move(database.error()).context(copy.string());
  if (auto writable = check_header(copy); !writable) return std::move(writable.error()).context(copy.string());
  auto whole = check_whole(*database);
  if (!whole) return std::move(whole.error()).context(copy.string());
  return whole->chain;
}

std::int64_t generation_of_copy(const Path& copy) {
  if (!files::exists(copy)) return -1;
  auto database = Database::open(copy, Database::Access::kImmutable);
  if (!database) return -1;
  auto newest = database->text("SELECT max(generation) FROM chain");
  if (!newest || !*newest || (*newest)->empty()) return -1;
  return std::stoll(**newest);
}

Result<ChainState> copy_database(Database& source, const Path& target) {
  Path fresh = target.string() + ".new";
  auto removed = remove_with_journals(fresh);
  if (!removed) return std::move(removed.error());
  auto copied = back_up(source, fresh);
  if (!copied) return std::move(copied.error()).context("copy of the store");
  auto checked = check_copy(fresh);
  if (!checked) return std::move(checked.error()).context("copy of the store");
  auto synced = sync_path(fresh);
  if (!synced) return std::move(synced.error()).context("copy of the store");
  if (::rename(fresh.c_str(), target.c_str()) != 0) return Error::from_errno(errno, target.string());
  auto placed = files::sync_directory(target.parent_path());
  if (!placed) return std::move(placed.error()).context("copy of the store");
  return checked;
}

Result<void> Store::keep_copy() {
  auto anchored = anchor();
  if (!anchored) return anchored;
  Path copy = Files(state_->options.state_directory).copy;
  if (generation_of_copy(copy) == generation()) return {};
  // A copy that cannot be made leaves the store itself whole: the object stays usable.
  auto made = copy_database(state_->opened.database, copy);
  if (!made) return with_remedy(std::move(made.error()), state_->options.state_directory);
  return {};
}

}  // namespace daydream::checkpoint
