// What `daydream doctor` says of a store and does to it. A repair never destroys: what was there is moved
// to damaged-<n>/ beside the new store, and a stop in the middle leaves a store that is still damaged.
#include <cerrno>

#include "base/files.hpp"
#include "checkpoint/copy.hpp"
#include "checkpoint/opening.hpp"
#include "checkpoint/store.hpp"
#include "checkpoint/tables.hpp"

namespace daydream::checkpoint {

namespace {

constexpr const char* kRepair = "`daydream doctor --repair` restores the last copy";
constexpr const char* kAccept =
    "`daydream doctor --accept-lost-memory` starts an empty store; what earlier nights remembered is lost";

std::string commits(std::int64_t generation) {
  return std::to_string(generation) + " commits";
}

void diagnose_copy(const Files& files, std::vector<Diagnosis>& list, bool damaged) {
  auto copy = check_copy(files.copy);
  if (copy) {
    if (damaged) list.push_back({"the copy daydream.db.bak is whole (" + commits(copy->tip.generation) + ")", kRepair});
    return;
  }
  if (copy.error().kind() == ErrorKind::kNotFound) {
    list.push_back({"there is no copy of the store yet: one is kept at the end of each run",
                    damaged ? kAccept : "nothing to do", damaged});
  } else {
    list.push_back({"the copy of the store is no use: " + copy.error().message(),
                    damaged ? kAccept : "the end of the next run replaces it", damaged});
  }
}

Result<void> check_everything(Database& database) {
  auto words = database.text("PRAGMA integrity_check(3)");
  if (!words) return std::move(words.error());
  if (!*words || **words != "ok") {
    return Error(ErrorKind::kDamaged, "SQLite finds it malformed: " + words->value_or("no answer"));
  }
  auto rows = check_all_rows(database);
  if (!rows) return rows;
  auto runs = each_row(database, tables::kRun, "", {}, [](Row&&) { return true; });
  return runs;
}

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

// `replacement` becomes the store. The anchor stays until the very end: a stop before it is damage still.
Result<Path> put_in_place(const Path& state_directory, const Path& replacement, const ChainState& chain) {
  Files files(state_directory);
  auto room = room_for_damaged(state_directory);
  if (!room) return std::move(room.error());
  if (files.has_anchor) {
    auto old = files::read(files.anchor, std::size_t{1} << 20);
    auto kept = old ? files::write_replace(*room / files.anchor.filename(), *old, files::Durability::kNone)
                    : Result<void>(std::move(old.error()));
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

}  // namespace

std::vector<Diagnosis> diagnose(const Store::Options& options) {
  std::vector<Diagnosis> list;
  Files files(options.state_directory);
  if (files.bare()) {
    list.push_back({options.state_directory.string() + " holds no store: no run has been made yet, or its folder was "
                                                       "removed",
                    "`daydream run` makes one"});
    return list;
  }
  Store::Options reading = options;
  reading.read_only = true;
  auto opened = open_store(reading);
  auto sound = opened ? check_everything(opened->database) : Result<void>(std::move(opened.error()));
  bool damaged = false;
  if (!sound) {
    ErrorKind kind = sound.error().kind();
    damaged = kind == ErrorKind::kDamaged;
    const char* remedy = kind == ErrorKind::kInvalid ? "use a daydream that knows this schema version" : "try again";
    list.push_back({sound.error().message(), damaged ? kRepair : remedy, true});
  } else {
    for (const std::string& notice : opened->notices) list.push_back({notice, "the next commit writes it again"});
  }
  diagnose_copy(files, list, damaged);
  return list;
}

Result<std::string> restore_copy(const Store::Options& options) {
  const Path& directory = options.state_directory;
  Files files(directory);
  auto checked = check_copy(files.copy);
  if (!checked) {
    return Error(checked.error().kind(), checked.error().message() + "; " + kAccept).context("no copy to restore");
  }
  auto copy = Database::open(files.copy, Database::Access::kImmutable);
  if (!copy) return std::move(copy.error()).context("restore");
  Path replacement = directory / "daydream.db.restored";
  auto copied = copy_database(*copy, replacement);
  if (!copied) return std::move(copied.error()).context("restore");
  auto room = put_in_place(directory, replacement, *copied);
  if (!room) return std::move(room.error()).context("restore");
  return "restored the copy of " + commits(copied->tip.generation) + "; what was damaged lies in " + room->string();
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
