// All that changes, in one commit: either the whole of it happens or nothing. The first failure is
// kept, later calls do nothing, and commit() then rolls back and returns it: an author need only
// look at commit(). Rolled back when it goes out of scope uncommitted. [run thread]
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daydream/changes.h"
#include "daydream/http.h"
#include "daydream/sdk/finding.hpp"
#include "daydream/sdk/state.hpp"

namespace daydream::sdk {

struct Span {
  std::uint64_t offset = 0, size = 0;  // bytes of the content that the token names
  std::string replacement;
};

struct ArchiveOptions {
  bool compress = true;  // zstd
  bool unlink = false;   // the live file, once the archive is safe
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;  // of the file as it was read: kept where it has changed since
};

class Transaction {
 public:
  static Result<Transaction> begin(const Run& run);
  Transaction(Transaction&& other) noexcept
      : state_(other.state_),
        changes_(other.changes_),
        http_(other.http_),
        txn_(std::exchange(other.txn_, nullptr)),
        error_(std::move(other.error_)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction() { rollback(); }

  void put_checkpoint(std::uint32_t schema, std::string_view bytes) {
    put(state_, &dd_state_service::put_checkpoint, "put_checkpoint", schema, bytes_of(bytes));
  }
  template <CheckpointType T>
  void put_checkpoint(const T& value) {
    put_checkpoint(T::kSchema, value.to_bytes());
  }
  void put_memory(std::string_view key, std::string_view value) {
    put(state_, &dd_state_service::put_memory, "put_memory", bytes_of(key), bytes_of(value));
  }
  void drop_memory(std::string_view key) { put(state_, &dd_state_service::drop_memory, "drop_memory", bytes_of(key)); }
  void put_output(std::string_view name, std::string_view json) {
    put(state_, &dd_state_service::put_output, "put_output", text_of(name), text_of(json));
  }
  // Set, not added.
  void put_metric(std::string_view name, double value) {
    put(state_, &dd_state_service::put_metric, "put_metric", text_of(name), value);
  }
  // The number that names it in the effects of this run; 0 after a failure.
  std::uint64_t put_finding(const Finding& finding) {
    std::uint64_t number = 0;
    const std::string json = finding.to_json();
    put(state_, &dd_state_service::put_finding, "put_finding " + finding.rule, text_of(json), &number);
    return number;
  }
  // A whole file of the state directory.
  void put_file(std::string_view name, std::string_view bytes) {
    put(state_, &dd_state_service::put_file, "put_file", text_of(name), bytes_of(bytes));
  }

  // Disjoint spans, ascending, of the bytes that `token` names. All effects of one finding are one change.
  void edit(std::string_view path, std::uint64_t token, const std::vector<Span>& spans, std::uint64_t finding) {
    std::vector<dd_span> table;
    table.reserve(spans.size());
    for (const auto& span : spans) table.push_back({span.offset, span.size, bytes_of(span.replacement)});
    put(changes_, &dd_changes_service::edit, "edit " + std::string(path), bytes_of(path), token, table.data(),
        table.size(), finding);
  }
  void create(std::string_view path, std::string_view content, std::uint64_t finding) {
    put(changes_, &dd_changes_service::create, "create " + std::string(path), bytes_of(path), bytes_of(content),
        finding);
  }
  void remove(std::string_view path, std::uint64_t token, std::uint64_t finding) {
    put(changes_, &dd_changes_service::remove, "remove " + std::string(path), bytes_of(path), token, finding);
  }
  // A file or a whole directory of generated content; root "repository" or "log:<n>".
  void discard(std::string_view root, std::string_view path, std::uint64_t finding) {
    put(changes_, &dd_changes_service::discard, "discard " + std::string(path), text_of(root), bytes_of(path), finding);
  }
  void archive(std::string_view root, std::string_view path, std::string_view archive_path,
               const ArchiveOptions& options, std::uint64_t finding);
  // A remote change, sent after the commit, in order. `request_json` as in http.h.
  void http_effect(std::string_view key, std::string_view request_json, std::string_view body, std::uint64_t finding) {
    put(http_, &dd_http_service::effect, "http effect", text_of(key), text_of(request_json), bytes_of(body), finding);
  }

  // The first failure so far, or nullptr.
  [[nodiscard]] const Error* error() const { return error_ ? &*error_ : nullptr; }

  // Good: all of it survives SIGKILL and power loss. Ends the transaction whatever it returns.
  Result<void> commit() {
    if (error_) {
      rollback();
      return *error_;
    }
    if (txn_ == nullptr) return Error(ErrorKind::kInternal, "commit: the transaction has ended");
    return state_.call(&dd_state_service::commit, "commit", std::exchange(txn_, nullptr));
  }
  void rollback() {
    if (txn_ == nullptr) return;
    if (!borrowed_) {
      const auto function = state_.find(&dd_state_service::rollback);
      if (function != nullptr) function(txn_);
    }
    txn_ = nullptr;
  }

  // For `migrate`: the host owns the transaction and commits it.
  static Transaction borrow(const Run& run, dd_txn* txn) {
    Transaction borrowed(run, txn);
    borrowed.borrowed_ = true;
    return borrowed;
  }

 private:
  Transaction(const Run& run, dd_txn* txn)
      : state_(run.state().service()),
        changes_(run.host(), run.handle(), DD_CHANGES_SERVICE),
        http_(run.host(), run.handle(), DD_HTTP_SERVICE),
        txn_(txn) {}

  template <class Table, class... Parameters, class... Arguments>
  void put(const Service<Table>& service, dd_status (*Table::*member)(dd_txn*, Parameters...) noexcept,
           std::string_view name, Arguments... arguments) {
    if (error_) return;
    if (txn_ == nullptr) {
      error_ = Error(ErrorKind::kInternal, std::string(name) + ": the transaction has ended");
      return;
    }
    if (auto called = service.call(member, name, txn_, arguments...); !called) error_ = std::move(called.error());
  }

  Service<dd_state_service> state_;
  Service<dd_changes_service> changes_;
  Service<dd_http_service> http_;
  dd_txn* txn_;
  bool borrowed_ = false;
  std::optional<Error> error_;
};

inline Result<Transaction> Transaction::begin(const Run& run) {
  const State state = run.state();
  const auto function = state.service().find(&dd_state_service::begin);
  if (function == nullptr) return state.service().missing("begin");
  dd_txn* txn = function(run.handle());
  if (txn == nullptr) return Error(ErrorKind::kInternal, "begin: another transaction is open");
  return Transaction(run, txn);
}

inline Result<Transaction> Run::begin() const {
  return Transaction::begin(*this);
}

inline void Transaction::archive(std::string_view root, std::string_view path, std::string_view archive_path,
                                 const ArchiveOptions& options, std::uint64_t finding) {
  json::Writer out;
  out.begin_object().field("compress", options.compress ? "zstd" : "none").field("unlink", options.unlink);
  out.field("size", options.size).field("mtime_ns", options.mtime_ns).end_object();
  const std::string json = out.take();
  put(changes_, &dd_changes_service::archive, "archive " + std::string(path), text_of(root), bytes_of(path),
      bytes_of(archive_path), text_of(json), finding);
}

}  // namespace daydream::sdk
