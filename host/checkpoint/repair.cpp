// What `daydream doctor` does to a store. A repair never destroys: what was there is moved to damaged-<n>/
// beside the new store, and a stop in the middle leaves a store that is still damaged.
#include "checkpoint/repair.hpp"

#include <cerrno>

#include "base/files.hpp"
#include "checkpoint/copy.hpp"
#include "checkpoint/store.hpp"
#include "checkpoint/tables.hpp"

namespace daydream::checkpoint {

namespace {

// damaged-1, damaged-2, ...: the first that is free.
Result<Path> room_for_damaged(const Path& state_directory) {
  for (int n = 1; n < 1000; ++n) {
    Path room = state_directory / ("damaged-" + std::to_string(n));
    if (files::exists(room)) continue;
    auto made = files::make_directories(room);
    if (!made) return std::move(made.error());
    return room;
  }
  return Error(ErrorKind::kPermanent, "remove old damaged-* folders from " + state_directory.string());
}

Result<void> move_into(const Path& file, const Path& folder) {
  if (!files::exists(file)) return {};
  if (::rename(file.c_str(), (folder / file.filename()).c_str()) != 0) return Error::from_errno(errno, file.string());
  return {};
}

Result<void> keep_old_anchor(const Files& files, const Path& room) {
  auto old = files::read(files.anchor, std::size_t{1} << 20);
  if (!old) return std::move(old.error());
  return files::write_replace(room / files.anchor.filename(), *old, files::Durability::kNone);
}

// `replacement` becomes the store. The anchor stays until the very end: a stop before it is damage still.
Result<Path> put_in_place(const Path& state_directory, const Path& replacement, const ChainState& chain) {
  Files files(state_directory);
  auto room = room_for_damaged(state_directory);
  if (!room) return std::move(room.error());
  if (files.has_anchor) {
    auto kept = keep_old_anchor(files, *room);
    if (!kept) return std::move(kept.error());
  } else {  // a store that came without one needs it before the old database goes
    auto made = Anchor::create(state_directory, {chain.tip.generation + 1, Digest{}});
    if (!made) return std::move(made.error());
  }
  for (const Path& file : {files.log, files.index, files.database}) {
    auto moved = move_into(file, *room);
    if (!moved) return std::move(moved.error());
  }
  if (::rename(replacement.c_str(), files.database.c_str()) != 0) {
    return Error::from_errno(errno, replacement.string());
  }
  auto synced = files::sync_directory(state_directory);
  if (!synced) return std::move(synced.error());
  auto anchored = Anchor::create(state_directory, chain.tip);
  if (!anchored) return std::move(anchored.error());
  return room;
}

Run night_that_counts(const std::string& date) {
  Run run;
  run.id = date;
  run.date = date;
  run.status = RunStatus::kCompleted;
  auto midnight = parse_rfc3339(date + "T00:00:00Z");
  run.started = midnight ? *midnight : Instant{};
  run.finished = run.started;
  run.facts = "{\"accepted_lost_memory\":true}";
  return run;
}

Result<ChainState> write_empty(const Path& file, const std::string& date_done) {
  for (const char* suffix : {"", "-journal", "-wal", "-shm"}) {
    auto removed = files::remove_file(file.string() + suffix);
    if (!removed) return std::move(removed.error());
  }
  auto database = Database::open(file, Database::Access::kWrite);
  if (!database) return std::move(database.error());
  auto synced = database->execute("PRAGMA synchronous=EXTRA");
  if (!synced) return std::move(synced.error());
  auto chain = write_schema(*database);
  if (!chain || date_done.empty()) return chain;
  auto begun = database->execute("BEGIN IMMEDIATE");
  if (!begun) return std::move(begun.error());
  auto digest = put_row(*database, tables::kRun, row_of(night_that_counts(date_done)), chain->content);
  if (!digest) return std::move(digest.error());
  auto linked = add_link(*database, *chain, *digest);
  if (!linked) return std::move(linked.error());
  auto done = database->execute("COMMIT");
  if (!done) return std::move(done.error());
  return chain;
}

Result<std::string> write_new_anchor(const Path& directory, const Salvage& salvage) {
  const Files files(directory);
  std::string kept;
  if (files.has_anchor) {
    auto room = room_for_damaged(directory);
    if (!room) return std::move(room.error());
    auto done = keep_old_anchor(files, *room);
    if (!done) return std::move(done.error());
    kept = "; the old one lies in " + room->string();
  }
  auto anchor = Anchor::create(directory, salvage.whole.chain.tip);
  if (!anchor) return std::move(anchor.error());
  return salvage.words + ". Its anchor was written anew" + kept;
}

Result<std::string> restore_copy(const Path& directory) {
  auto copy = Database::open(Files(directory).copy, Database::Access::kImmutable);
  if (!copy) return std::move(copy.error());
  Path replacement = directory / "daydream.db.restored";
  auto copied = copy_database(*copy, replacement);
  if (!copied) return std::move(copied.error());
  auto room = put_in_place(directory, replacement, *copied);
  if (!room) return std::move(room.error());
  return "restored the copy of " + std::to_string(copied->tip.generation) + " commits; what was damaged lies in " +
         room->string();
}

}  // namespace

Result<std::string> repair_store(const Store::Options& options) {
  const Path& directory = options.state_directory;
  Store::Options reading = options;
  reading.read_only = true;
  // A store that a newer program wrote is not damaged: its older copy must not take its place.
  if (auto opened = open_store(reading); !opened && opened.error().kind() == ErrorKind::kInvalid)
    return std::move(opened.error());
  const Salvage salvage = find_salvage(directory);
  switch (salvage.source) {
    case Salvage::Source::kStore: {
      auto written = write_new_anchor(directory, salvage);
      if (!written) return std::move(written.error()).context("repair");
      return written;
    }
    case Salvage::Source::kCopy: {
      auto restored = restore_copy(directory);
      if (!restored) return std::move(restored.error()).context("restore");
      return restored;
    }
    case Salvage::Source::kNothing:
      break;
  }
  return Error(ErrorKind::kDamaged, "nothing of the store is whole: " + salvage.words + "; " + kAcceptLostMemory);
}

Result<std::string> accept_lost_memory(const Store::Options& options, const std::string& date_done) {
  const Path& directory = options.state_directory;
  auto made = files::make_directories(directory);
  if (!made) return std::move(made.error());
  Path replacement = directory / "daydream.db.empty";
  auto chain = write_empty(replacement, date_done);
  if (!chain) return std::move(chain.error()).context("empty store");
  auto room = put_in_place(directory, replacement, *chain);
  if (!room) return std::move(room.error()).context("empty store");
  Files files(directory);
  auto moved = move_into(files.copy, *room);
  if (!moved) return std::move(moved.error()).context("empty store");
  return "started an empty store" + (date_done.empty() ? std::string() : "; " + date_done + " counts as done") +
         "; what was there lies in " + room->string();
}

}  // namespace daydream::checkpoint
