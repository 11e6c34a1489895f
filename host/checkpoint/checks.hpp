// Reading rows with their checksums, and what must hold of a store before it is used.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/anchor.hpp"
#include "checkpoint/database.hpp"
#include "checkpoint/row.hpp"

namespace daydream::checkpoint {

constexpr std::int64_t kSchemaVersion = 1;

struct Bound {
  Value value;
  char kind;
};
inline Bound as_text(std::string text) {
  return {std::move(text), 't'};
}
inline Bound as_bytes(std::string bytes) {
  return {std::move(bytes), 'b'};
}
inline Bound as_number(std::int64_t number) {
  return {number, 'i'};
}

// Calls `use` with each row; `use` returns false to stop. kDamaged at a row whose checksum is wrong.
Result<void> each_row(Database& database, const Table& table, std::string_view rest, const std::vector<Bound>& bound,
                      const std::function<bool(Row&&)>& use);
// What all rows together come to, whatever their order: their sums, added up. A row that is missing, that is
// of an earlier commit or that nobody wrote changes it, which no checksum of a single row can show.
using Content = std::uint64_t;

// INSERT or replace, with its checksum; returns the digest of the row. `content` follows.
Result<Digest> put_row(Database& database, const Table& table, const Row& row, Content& content);
// Runs a DELETE; `content` follows.
Result<void> delete_rows(Database& database, const std::string& sql, const std::vector<Bound>& bound, Content& content);

struct ChainState {
  AnchorPoint tip;
  std::int64_t first_generation = 0;  // of the rows still kept
  std::int64_t next_effect = 1;
  Content content = 0;
  bool content_known = true;  // false: the newest commit was made by a program that did not add it up yet
};
// The head of a chain's first commit, and of each that follows; `link` is the column `digest` of its row.
Digest chain_start(const std::string& store_name);
Digest chain_next(const Digest& head, std::string_view link);
// The next row of the chain, for a commit that comes to `digest` and leaves state.content. kConflict: the
// generation is taken.
Result<void> add_link(Database& database, ChainState& state, const Digest& digest);
// The first row: generation 0 of a store with this name.
Result<void> add_first_link(Database& database, ChainState& state, const std::string& store_name);
// Added up from the rows as they are now.
Result<Content> content_of(Database& database);
// kDamaged when the rows are not what the newest commit left.
Result<void> check_content(Database& database, const ChainState& state);
// Every head follows from the one before and its digest, without a gap.
// `anchor`: its generation is in the chain, with an equal head.
Result<ChainState> check_chain(Database& database, const AnchorPoint* anchor);
// Pages, rows and indices; kDamaged with SQLite's first words about it.
Result<void> check_structure(Database& database);
// kDamaged where there is no meta table; kInvalid where the store is newer than this program.
Result<std::int64_t> schema_version(Database& database);
// The checksum of every row of the run, and that every effect has its state.
Result<void> check_run(Database& database, const std::string& run);
// Of every row there is.
Result<void> check_all_rows(Database& database);

// What every kDamaged of this room says in the end: that nothing was changed, and the command that helps.
Error with_remedy(Error error, const Path& state_directory);

}  // namespace daydream::checkpoint
