#include "checkpoint/opening.hpp"

#include <unistd.h>

#include <random>

#include "base/files.hpp"
#include "checkpoint/tables.hpp"
#include "checkpoint/upgrade.hpp"
#include "daydream/kit/hash.hpp"

namespace daydream::checkpoint {

namespace {

constexpr const char* kSchema =
#include "checkpoint_schema.inc"
    ;

std::string random_name() {
  std::random_device device;
  std::string name;
  for (int i = 0; i < 4; ++i) {
    auto word = device();
    name.append(reinterpret_cast<const char*>(&word), sizeof word);
  }
  return hash::hex(name);
}

Result<bool> has_tables(Database& database) {
  auto count = database.text("SELECT count(*) FROM sqlite_master");
  if (!count) return std::move(count.error());
  return *count != "0";
}

Result<void> fill_new(Database& database, const std::string& name, ChainState& chain) {
  auto made = database.execute(kSchema);
  if (!made) return made;
  for (const Row& row :
       {Row{std::string("schema_version"), std::to_string(kSchemaVersion)}, Row{std::string("store"), name}}) {
    auto put = put_row(database, tables::kMeta, row, chain.content);
    if (!put) return std::move(put.error());
  }
  return add_first_link(database, chain, name);
}

Error missing_database(const Files& files) {
  std::string seen;
  if (files.has_anchor) seen = "its anchor";
  if (files.has_log) seen += std::string(seen.empty() ? "" : " and ") + "its log";
  if (seen.empty()) seen = "a copy of it";
  return {ErrorKind::kDamaged, "daydream.db is missing, but " + seen + " is there"};
}

Error missing_anchor() {
  return {ErrorKind::kDamaged, "daydream.anchor is missing, but the store has commits"};
}

// A folder that we cannot write may hold a store that nobody has open; SQLite then needs to be told.
Database::Access access_of(const Store::Options& options, const Files& files) {
  if (!options.read_only) return Database::Access::kWrite;
  bool writable = ::access(options.state_directory.c_str(), W_OK) == 0;
  return !writable && !files.has_log ? Database::Access::kImmutable : Database::Access::kRead;
}

// SQLite obeys a version in the file's header that it does not know by not writing; we may write the file.
bool forbids_writing(Database& database, const Path& file) {
  return sqlite3_db_readonly(database.handle(), "main") == 1 && ::access(file.c_str(), W_OK) == 0;
}

Result<void> check_unfinished(Database& database) {
  std::vector<std::string> unfinished;
  auto runs = each_row(database, tables::kRun, "ORDER BY rowid", {}, [&](Row&& row) {
    Run run = run_of(row);
    if (run.status != RunStatus::kCompleted && run.status != RunStatus::kAbandoned) unfinished.push_back(run.id);
    return true;
  });
  if (!runs) return runs;
  for (const std::string& run : unfinished) {
    auto checked = check_run(database, run);
    if (!checked) return checked;
  }
  return {};
}

Result<void> bring_up_to_date(Opened& opened, const Store::Options& options, std::int64_t version) {
  if (version == kSchemaVersion) return {};
  if (options.read_only) {
    return Error(ErrorKind::kInvalid, "the store has schema version " + std::to_string(version) +
                                          "; the next `daydream run` upgrades it to " + std::to_string(kSchemaVersion));
  }
  const auto& migrations = options.migrations != nullptr ? *options.migrations : shipped_migrations();
  auto chain = upgrade(opened.database, version, migrations, opened.chain);
  if (!chain) return std::move(chain.error());
  opened.chain = *chain;
  opened.notices.push_back("the store was upgraded from schema version " + std::to_string(version) + " to " +
                           std::to_string(kSchemaVersion));
  return {};
}

// As the newest commit left it; added up where that commit did not say.
Result<void> settle_content(Opened& opened) {
  if (opened.chain.content_known) return check_content(opened.database, opened.chain);
  auto content = content_of(opened.database);
  if (!content) return std::move(content.error());
  opened.chain.content = *content;
  return {};
}

Result<void> check_opened(Opened& opened, const Store::Options& options) {
  if (!options.read_only) {
    auto sound = check_structure(opened.database);
    if (!sound) return sound;
  }
  auto version = schema_version(opened.database);
  if (!version) return std::move(version.error());
  auto chain = check_chain(opened.database, opened.anchor ? &opened.anchor->point() : nullptr);
  if (!chain) return std::move(chain.error());
  opened.chain = *chain;
  if (!opened.anchor && chain->tip.generation != 0) return missing_anchor();
  if (*version == kSchemaVersion && !options.read_only) {
    auto content = settle_content(opened);
    if (!content) return content;
  }
  auto current = bring_up_to_date(opened, options, *version);
  if (!current) return current;
  return options.read_only ? Result<void>() : check_unfinished(opened.database);
}

Result<void> open_anchor(Opened& opened, const Path& state_directory) {
  auto anchor = Anchor::read(state_directory);
  if (!anchor && anchor.error().kind() == ErrorKind::kNotFound) return {};
  if (!anchor) return std::move(anchor.error());
  if (anchor->one_slot_bad()) {
    opened.notices.emplace_back(
        "one of the two slots of the store's anchor is not whole (a stop while it was written)");
  }
  opened.anchor = std::move(*anchor);
  return {};
}

}  // namespace

Files::Files(const Path& state_directory)
    : database(state_directory / "daydream.db"),
      log(state_directory / "daydream.db-wal"),
      index(state_directory / "daydream.db-shm"),
      copy(state_directory / "daydream.db.bak"),
      anchor(Anchor::file_in(state_directory)),
      has_database(files::exists(database)),
      has_log(files::exists(log)),
      has_copy(files::exists(copy)),
      has_anchor(files::exists(anchor)) {}

Result<void> prepare_for_writing(Database& database) {
  auto mode = database.text("PRAGMA journal_mode=WAL");
  if (!mode) return std::move(mode.error());
  if (*mode != "wal") {
    return Error(ErrorKind::kUnsupported,
                 "the file system of the state directory cannot hold a SQLite log in "
                 "write-ahead mode (a network share?); choose another --state-dir");
  }
  return database.execute("PRAGMA synchronous=FULL");
}

Result<ChainState> write_schema(Database& database) {
  ChainState chain;
  auto begun = database.execute("BEGIN IMMEDIATE");
  if (!begun) return std::move(begun.error());
  auto filled = fill_new(database, random_name(), chain);
  if (filled) filled = database.execute("COMMIT");
  if (!filled) {
    (void)database.execute("ROLLBACK");
    return std::move(filled.error()).context("new store");
  }
  return chain;
}

Result<void> make_state_directory(const Path& state_directory) {
  auto made = files::make_directories(state_directory);
  const Path ignore = state_directory / ".gitignore";
  if (made && !files::exists(ignore)) {
    made = files::write_replace(ignore, "*\n", files::Durability::kNone);
    // No lock is held yet: a run that began with us may have cleared our temporary away, with its own file in place.
    if (!made && files::exists(ignore)) made = Result<void>();
  }
  if (!made) return std::move(made.error()).context("state directory");
  return {};
}

Result<Opened> create_store(const Path& state_directory) {
  auto made = make_state_directory(state_directory);
  if (!made) return std::move(made.error());
  auto database = Database::open(Files(state_directory).database, Database::Access::kWrite);
  if (!database) return std::move(database.error());
  Opened opened{std::move(*database), {}, {}, {}};
  auto prepared = prepare_for_writing(opened.database);
  if (!prepared) return std::move(prepared.error());
  auto chain = write_schema(opened.database);
  if (!chain) return std::move(chain.error());
  opened.chain = *chain;
  // Last, so that a stop before it leaves a store without commits, which may be made anew.
  auto anchor = Anchor::create(state_directory, chain->tip);
  if (!anchor) return std::move(anchor.error());
  opened.anchor = std::move(*anchor);
  return opened;
}

Result<Opened> open_store(const Store::Options& options) {
  Files files(options.state_directory);
  if (!files.has_database) return missing_database(files);
  Opened opened{Database(), {}, {}, {}};
  // The anchor first: a running writer may move it on between two looks, and it must not overtake us.
  auto anchored = open_anchor(opened, options.state_directory);
  if (!anchored) return std::move(anchored.error());
  auto database = Database::open(files.database, access_of(options, files));
  if (!database) return std::move(database.error());
  opened.database = std::move(*database);
  auto ready = options.read_only ? opened.database.execute("BEGIN") : prepare_for_writing(opened.database);
  if (!ready) return std::move(ready.error());
  auto filled = has_tables(opened.database);
  if (!filled) return std::move(filled.error());
  if (!*filled) {
    if (opened.anchor || files.has_copy) return Error(ErrorKind::kDamaged, "daydream.db is empty");
    if (options.read_only) return Error(ErrorKind::kNotFound, "no run has been made yet");
    return create_store(options.state_directory);
  }
  if (!options.read_only && forbids_writing(opened.database, files.database))
    return Error(ErrorKind::kDamaged, "store: its first page forbids to write it");
  auto checked = check_opened(opened, options);
  if (!checked) return std::move(checked.error());
  if (!opened.anchor && !options.read_only) {
    auto anchor = Anchor::create(options.state_directory, opened.chain.tip);
    if (!anchor) return std::move(anchor.error());
    opened.anchor = std::move(*anchor);
  }
  return opened;
}

}  // namespace daydream::checkpoint
