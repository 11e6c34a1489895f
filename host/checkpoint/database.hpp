// SQLite as this room uses it: one connection, statements kept, errors as values that say what they mean
// to whoever must act. Nothing outside checkpoint/ sees it.
#pragma once

#include <sqlite3.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/model.hpp"
#include "checkpoint/row.hpp"
#include "daydream/kit/result.hpp"

namespace daydream::checkpoint {

// Bound, stepped and reset; owned by its Database.
class Statement {
 public:
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  // From 1. The value must live until the statement is reset.
  void bind(int index, const Value& value, char kind);
  [[nodiscard]] Value column(int index, char kind) const;
  // true: a row lies ready.
  Result<bool> step();
  // Runs it to its end, and resets it.
  Result<void> run();
  void reset();

 private:
  sqlite3_stmt* statement_;
};

class Database {
 public:
  enum class Access {
    kWrite,      // created when missing
    kRead,       // sees a running writer's commits
    kImmutable,  // a file that nobody writes, in a folder that we cannot write
  };
  Database() = default;  // not open
  static Result<Database> open(const Path& file, Access access);
  Database(Database&&) noexcept = default;
  Database& operator=(Database&&) noexcept = default;

  Result<void> execute(const std::string& sql);
  // Kept for the life of the connection; at most one user at a time.
  Result<Statement*> prepare(const std::string& sql);
  // The first column of the first row; none when there is no row.
  Result<std::optional<std::string>> text(const std::string& sql);
  [[nodiscard]] std::int64_t changes() const;
  [[nodiscard]] sqlite3* handle() const { return handle_.get(); }

 private:
  struct Closer {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };
  std::unique_ptr<sqlite3, Closer> handle_;
  std::map<std::string, std::unique_ptr<Statement>, std::less<>> statements_;  // closed before the handle
};

// What the last failure of the connection means: kRetry (disk full, I/O, busy), kDamaged (not what was
// written), kPermanent (no right to write), kConflict (a key is taken), kInternal.
Error error_of(sqlite3* handle, std::string_view what);

}  // namespace daydream::checkpoint
