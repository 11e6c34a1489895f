#include "checkpoint/upgrade.hpp"

#include "checkpoint/tables.hpp"
#include "daydream/kit/hash.hpp"

namespace daydream::checkpoint {

const std::vector<Migration>& shipped_migrations() {
  static const std::vector<Migration> none;  // version 1 is the first
  return none;
}

Result<void> rewrite_table(Database& database, const Table& old_shape, const Table& new_shape,
                           const std::string& create_sql, const std::function<Row(Row&&)>& change) {
  std::string name = new_shape.name;
  std::string old_name = name + "_before_upgrade";
  auto renamed = database.execute("ALTER TABLE \"" + name + "\" RENAME TO \"" + old_name + "\"; " + create_sql);
  if (!renamed) return renamed;
  // Checksums are over the name that the table had.
  std::vector<Row> rows;
  {
    auto prepared = database.prepare(select_sql({old_name.c_str(), old_shape.keys, old_shape.columns}, ""));
    if (!prepared) return std::move(prepared.error());
    while (true) {
      auto more = (*prepared)->step();
      if (!more) return std::move(more.error());
      if (!*more) break;
      Row row;
      int index = 0;
      for (const Column& column : old_shape.columns) row.push_back((*prepared)->column(index++, column.kind));
      if (std::get<std::string>((*prepared)->column(index, 'b')) != sum_of(digest_of(name, old_shape, row))) {
        (*prepared)->reset();
        return Error(ErrorKind::kDamaged, "store: row \"" + key_text(old_shape, row) + "\" of table " + name +
                                              " is not what was written (checksum)");
      }
      rows.push_back(std::move(row));
    }
    (*prepared)->reset();
  }
  for (Row& row : rows) {
    Content unused = 0;  // added up when all is done
    auto put = put_row(database, new_shape, change(std::move(row)), unused);
    if (!put) return std::move(put.error());
  }
  return database.execute("DROP TABLE \"" + old_name + "\"");
}

namespace {

Result<void> apply_all(Database& database, std::int64_t from, const std::vector<Migration>& migrations,
                       ChainState& chain) {
  for (std::int64_t version = from; version < kSchemaVersion; ++version) {
    const Migration* way = nullptr;
    for (const Migration& migration : migrations) way = migration.from == version ? &migration : way;
    if (way == nullptr) {
      return Error(ErrorKind::kInvalid, "the store has schema version " + std::to_string(from) +
                                            ", this daydream needs " + std::to_string(kSchemaVersion) +
                                            " and knows no way there");
    }
    auto done = way->apply(database);
    if (!done) return done;
  }
  auto version =
      put_row(database, tables::kMeta, {std::string("schema_version"), std::to_string(kSchemaVersion)}, chain.content);
  if (!version) return std::move(version.error());
  auto content = content_of(database);
  if (!content) return std::move(content.error());
  chain.content = *content;
  return add_link(database, chain, *version);
}

}  // namespace

Result<ChainState> upgrade(Database& database, std::int64_t from, const std::vector<Migration>& migrations,
                           ChainState chain) {
  auto begun = database.execute("BEGIN IMMEDIATE");
  if (!begun) return std::move(begun.error());
  auto applied = apply_all(database, from, migrations, chain);
  if (applied) applied = database.execute("COMMIT");
  if (!applied) {
    (void)database.execute("ROLLBACK");
    return std::move(applied.error()).context("upgrade of the store from schema version " + std::to_string(from));
  }
  return chain;
}

}  // namespace daydream::checkpoint
