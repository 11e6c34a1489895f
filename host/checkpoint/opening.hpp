// From a state directory to a checked connection. Used by Store::open and by the doctor.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checkpoint/anchor.hpp"
#include "checkpoint/checks.hpp"
#include "checkpoint/database.hpp"
#include "checkpoint/store.hpp"

namespace daydream::checkpoint {

// What lies in a state directory.
struct Files {
  explicit Files(const Path& state_directory);
  Path database, log, index, copy, anchor;  // daydream.db, -wal, -shm, .bak, .anchor
  bool has_database = false, has_log = false, has_copy = false, has_anchor = false;
  // No trace of a store: a new one may be made.
  [[nodiscard]] bool bare() const { return !has_database && !has_log && !has_copy && !has_anchor; }
};

struct Opened {
  Database database;
  std::optional<Anchor> anchor;
  ChainState chain;
  std::vector<std::string> notices;
};

// REQUIRES: Files::bare, or only a database that no schema was written to. Directory, tables, first anchor.
Result<Opened> create_store(const Path& state_directory);
Result<Opened> open_store(const Store::Options& options);
// The tables and first rows of an empty store.
Result<ChainState> write_schema(Database& database);
// Write-ahead log, every commit synced.
Result<void> prepare_for_writing(Database& database);

}  // namespace daydream::checkpoint
