#include "checkpoint/database.hpp"

#include <cerrno>
#include <cstring>

namespace daydream::checkpoint {

namespace {

constexpr int kBusyMilliseconds = 10'000;

ErrorKind kind_of(int code) {
  switch (code & 0xff) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_NOMEM:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return ErrorKind::kRetry;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
    case SQLITE_ERROR:  // our SQL is fixed: a table is not what it was
    case SQLITE_SCHEMA:
    case SQLITE_MISMATCH:
      return ErrorKind::kDamaged;
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return ErrorKind::kPermanent;
    case SQLITE_CONSTRAINT:
      return ErrorKind::kConflict;
    default:
      return ErrorKind::kInternal;
  }
}

std::string words_of(sqlite3* handle, int code) {
  int system = sqlite3_system_errno(handle);
  if ((code & 0xff) == SQLITE_FULL || system == ENOSPC || system == EDQUOT) {
    return "disk full (" + std::string(sqlite3_errmsg(handle)) + ")";
  }
  std::string words = sqlite3_errmsg(handle);
  bool about_files = (code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN;
  if (about_files && system != 0) words += std::string(" (") + std::strerror(system) + ")";
  return words;
}

std::string as_uri(const Path& file) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string uri = "file:";
  for (char c : file.native()) {
    auto byte = static_cast<unsigned char>(c);
    if (c == '%' || c == '?' || c == '#') {
      uri += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
    } else {
      uri += c;
    }
  }
  return uri;
}

}  // namespace

Error error_of(sqlite3* handle, std::string_view what) {
  int code = sqlite3_extended_errcode(handle);
  return Error(kind_of(code), words_of(handle, code)).context(what);
}

void Statement::bind(int index, const Value& value, char kind) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    sqlite3_bind_int64(statement_, index, *number);
  } else if (const auto* real = std::get_if<double>(&value)) {
    sqlite3_bind_double(statement_, index, *real);
  } else {
    const auto& text = std::get<std::string>(value);
    if (kind == 't') {
      sqlite3_bind_text64(statement_, index, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
    } else {
      sqlite3_bind_blob64(statement_, index, text.data(), text.size(), SQLITE_STATIC);
    }
  }
}

Value Statement::column(int index, char kind) const {
  if (kind == 'i') return std::int64_t{sqlite3_column_int64(statement_, index)};
  if (kind == 'r') return sqlite3_column_double(statement_, index);
  const void* data = kind == 't' ? static_cast<const void*>(sqlite3_column_text(statement_, index))
                                 : sqlite3_column_blob(statement_, index);
  auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, index));
  return data == nullptr ? std::string() : std::string(static_cast<const char*>(data), size);
}

Result<bool> Statement::step() {
  int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return error_of(sqlite3_db_handle(statement_), "store");
}

Result<void> Statement::run() {
  while (true) {
    auto row = step();
    if (!row) {
      auto error = std::move(row.error());
      reset();
      return error;
    }
    if (!*row) break;
  }
  reset();
  return {};
}

void Statement::reset() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

Result<Database> Database::open(const Path& file, Access access) {
  Database database;
  sqlite3* handle = nullptr;
  int flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  flags |= access == Access::kWrite ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
  std::string uri = as_uri(file) + (access == Access::kImmutable ? "?immutable=1" : "");
  int code = sqlite3_open_v2(uri.c_str(), &handle, flags, nullptr);
  database.handle_.reset(handle);
  if (handle == nullptr) return Error(ErrorKind::kRetry, "store: out of memory");
  if (code != SQLITE_OK) return error_of(handle, file.string());
  sqlite3_busy_timeout(handle, kBusyMilliseconds);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  auto set = database.execute("PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY;");
  if (!set) return std::move(set.error()).context(file.string());
  return database;
}

Result<void> Database::execute(const std::string& sql) {
  if (sqlite3_exec(handle(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return error_of(handle(), "store");
  return {};
}

Result<Statement*> Database::prepare(const std::string& sql) {
  auto found = statements_.find(sql);
  if (found != statements_.end()) return found->second.get();
  sqlite3_stmt* statement = nullptr;
  int code = sqlite3_prepare_v3(handle(), sql.c_str(), static_cast<int>(sql.size()) + 1, SQLITE_PREPARE_PERSISTENT,
                                &statement, nullptr);
  if (code != SQLITE_OK) return error_of(handle(), "store");
  return statements_.emplace(sql, std::make_unique<Statement>(statement)).first->second.get();
}

Result<std::optional<std::string>> Database::text(const std::string& sql) {
  auto statement = prepare(sql);
  if (!statement) return std::move(statement.error());
  auto row = (*statement)->step();
  if (!row) {
    (*statement)->reset();
    return std::move(row.error());
  }
  std::optional<std::string> answer;
  if (*row) answer = std::get<std::string>((*statement)->column(0, 't'));
  (*statement)->reset();
  return answer;
}

std::int64_t Database::changes() const {
  return sqlite3_changes64(handle());
}

}  // namespace daydream::checkpoint
