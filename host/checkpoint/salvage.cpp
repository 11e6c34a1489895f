// Which part of a damaged store is whole and the newest.
#include "checkpoint/copy.hpp"
#include "checkpoint/header.hpp"
#include "checkpoint/repair.hpp"
#include "checkpoint/tables.hpp"

namespace daydream::checkpoint {

namespace {

using Source = Salvage::Source;

Result<std::string> name_of_store(Database& database) {
  std::string name;
  auto read = each_row(database, tables::kMeta, "WHERE key='store'", {}, [&](Row&& row) {
    name = text(row, 1);
    return false;
  });
  if (!read) return std::move(read.error());
  return name;
}

Result<Whole> check_file(const Path& file, Database::Access access) {
  if (!files::exists(file)) return Error(ErrorKind::kNotFound, file.filename().string() + " is missing");
  auto database = Database::open(file, access);
  if (!database) return std::move(database.error()).context(file.filename().string());
  if (auto writable = check_header(file); !writable)
    return std::move(writable.error()).context(file.filename().string());
  auto whole = check_whole(*database);
  if (!whole) return std::move(whole.error()).context(file.filename().string());
  return whole;
}

// Whether the chain of `file` holds what the anchor names, under another head.
bool contradicts(const Path& file, Database::Access access, const Result<Anchor>& anchor) {
  if (!anchor) return false;
  auto database = Database::open(file, access);
  if (!database) return false;
  auto point = anchor->point();
  auto head = database->text("SELECT hex(head) FROM chain WHERE generation=" + std::to_string(point.generation));
  if (!head || !*head) return false;
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string expected;
  for (const std::uint8_t byte : point.head) expected.append({kHex[byte >> 4U], kHex[byte & 15U]});
  return **head != expected;
}

std::string commit(std::int64_t generation) {
  return "commit " + std::to_string(generation);
}

std::string words_of_store(const Whole& store, const Result<Anchor>& anchor) {
  const std::int64_t last = store.chain.tip.generation;
  std::string words = "daydream.db is whole and ends with " + commit(last);
  if (!anchor) return words + "; whether there were later ones only its anchor could tell";
  if (anchor->point().generation <= last) return words;
  return words + "; those up to " + commit(anchor->point().generation) + " are lost and done again";
}

}  // namespace

Result<Whole> check_whole(Database& database) {
  auto sound = check_structure(database);
  if (!sound) return std::move(sound.error());
  auto version = schema_version(database);
  if (!version) return std::move(version.error());
  auto chain = check_chain(database, nullptr);
  if (!chain) return std::move(chain.error());
  // The rows of an older schema are checked when they are upgraded.
  auto rows = *version == kSchemaVersion ? check_all_rows(database) : Result<void>();
  if (rows && *version == kSchemaVersion) rows = check_content(database, *chain);
  if (!rows) return std::move(rows.error());
  auto name = name_of_store(database);
  if (!name) return std::move(name.error());
  return Whole{*chain, std::move(*name)};
}

Salvage find_salvage(const Path& state_directory) {
  const Files files(state_directory);
  const auto anchor = Anchor::read(state_directory);
  auto store = check_file(files.database, Database::Access::kRead);
  auto copy = check_file(files.copy, Database::Access::kImmutable);
  if (store && contradicts(files.database, Database::Access::kRead, anchor) && !(copy && copy->name == store->name)) {
    // Another store's database, or another store's anchor: where a copy of ours can tell, it does.
    if (copy) store = Error(ErrorKind::kDamaged, "daydream.db belongs to another store");
  }
  if (store && (!copy || copy->name != store->name || copy->chain.tip.generation <= store->chain.tip.generation))
    return {Source::kStore, *store, words_of_store(*store, anchor)};
  if (copy)
    return {Source::kCopy, *copy,
            "the copy daydream.db.bak is whole and ends with " + commit(copy->chain.tip.generation)};
  return {Source::kNothing, {}, store.error().message() + "; " + copy.error().message()};
}

}  // namespace daydream::checkpoint
