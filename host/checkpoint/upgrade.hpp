// Stores of older schema versions are brought up to date when they are opened: every step of it, the new
// version number and a link of the chain in one SQLite transaction, also in the middle of a run.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "checkpoint/checks.hpp"
#include "checkpoint/database.hpp"

namespace daydream::checkpoint {

struct Migration {
  std::int64_t from = 0;  // the version it brings to from + 1
  std::function<Result<void>(Database&)> apply;
};

const std::vector<Migration>& shipped_migrations();

// For migrations: makes `create_sql` and fills it with the rows of the table of that name, each checked
// with its old shape, passed through `change` and given a new checksum.
Result<void> rewrite_table(Database& database, const Table& old_shape, const Table& new_shape,
                           const std::string& create_sql, const std::function<Row(Row&&)>& change);

// REQUIRES: a connection that may write, a checked chain. kInvalid when there is no way from `from`.
Result<ChainState> upgrade(Database& database, std::int64_t from, const std::vector<Migration>& migrations,
                           ChainState chain);

}  // namespace daydream::checkpoint
