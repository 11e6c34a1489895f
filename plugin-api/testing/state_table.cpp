#include "daydream/state.h"

#include <cmath>

#include "daydream/kit/json.hpp"
#include "daydream/kit/walk.hpp"
#include "session.hpp"

namespace daydream::testing {

namespace {

constexpr std::size_t kMaxFile = std::size_t{64} << 20;

// A reading function may go on: right thread, readable arguments, somewhere to answer to.
bool may_read(Session& session, const char* function, bool pointers) {
  return session.on_run_thread(function) && (pointers || session.broken(std::string(function) + ": a null pointer"));
}

Txn* writable(dd_txn* handle, const char* function, std::initializer_list<dd_bytes> arguments) {
  Txn* txn = Session::txn(handle, function);
  if (txn == nullptr) return nullptr;
  for (const auto& each : arguments) {
    if (!txn->session->readable(each.data, each.size, function)) return nullptr;
  }
  return txn;
}

dd_bytes as_bytes(dd_text text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data), text.size};
}

dd_txn* state_begin(dd_run* run) noexcept {
  return reinterpret_cast<dd_txn*>(Session::of(run)->begin("begin"));
}

dd_status state_commit(dd_txn* handle) noexcept {
  Txn* txn = Session::txn(handle, "commit");
  return txn == nullptr ? DD_BAD_ARGUMENT : txn->session->commit(*txn);
}

void state_rollback(dd_txn* handle) noexcept {
  if (Txn* txn = Session::txn(handle, "rollback")) txn->session->rollback(*txn);
}

dd_status state_checkpoint(dd_run* run, std::uint32_t* schema, dd_bytes* last) noexcept {
  Session& session = *Session::of(run);
  if (!may_read(session, "checkpoint", schema != nullptr && last != nullptr)) return DD_BAD_ARGUMENT;
  const auto& checkpoint = session.ledger().checkpoint();
  if (!checkpoint || (session.migrated && checkpoint->schema != session.checkpoint_schema)) return DD_NOT_FOUND;
  *schema = checkpoint->schema;
  *last = bytes_of(session.keep("checkpoint", checkpoint->bytes));
  return DD_OK;
}

dd_status state_put_checkpoint(dd_txn* handle, std::uint32_t schema, dd_bytes bytes) noexcept {
  Txn* txn = writable(handle, "put_checkpoint", {bytes});
  if (txn == nullptr) return DD_BAD_ARGUMENT;
  if (schema != txn->session->checkpoint_schema) {
    txn->session->broken("put_checkpoint: schema " + std::to_string(schema) + ", but the descriptor says " +
                         std::to_string(txn->session->checkpoint_schema));
    return DD_BAD_ARGUMENT;
  }
  txn->commit.checkpoint = Checkpoint{schema, string_of(bytes)};
  return DD_OK;
}

dd_status state_memory(dd_run* run, dd_bytes key, dd_bytes* value) noexcept {
  Session& session = *Session::of(run);
  if (!may_read(session, "memory", value != nullptr) || !session.readable(key.data, key.size, "memory")) {
    return DD_BAD_ARGUMENT;
  }
  const auto found = session.ledger().memory().find(string_of(key));
  if (found == session.ledger().memory().end()) return DD_NOT_FOUND;
  *value = bytes_of(session.keep("memory", found->second));
  return DD_OK;
}

dd_status state_scan_memory(dd_run* run, dd_bytes prefix, dd_bytes after, dd_bytes* key, dd_bytes* value) noexcept {
  Session& session = *Session::of(run);
  if (!may_read(session, "scan_memory", key != nullptr && value != nullptr) ||
      !session.readable(prefix.data, prefix.size, "scan_memory") ||
      !session.readable(after.data, after.size, "scan_memory")) {
    return DD_BAD_ARGUMENT;
  }
  const auto& memory = session.ledger().memory();
  const std::string wanted = string_of(prefix);
  const std::string behind = string_of(after);
  const auto found = behind < wanted ? memory.lower_bound(wanted) : memory.upper_bound(behind);
  if (found == memory.end() || !found->first.starts_with(wanted)) return DD_NOT_FOUND;
  *key = bytes_of(session.keep("scan_memory key", found->first));
  *value = bytes_of(session.keep("scan_memory value", found->second));
  return DD_OK;
}

dd_status state_put_memory(dd_txn* handle, dd_bytes key, dd_bytes value) noexcept {
  Txn* txn = writable(handle, "put_memory", {key, value});
  if (txn == nullptr) return DD_BAD_ARGUMENT;
  const std::string name = string_of(key);
  if (name.empty()) return txn->session->broken("put_memory: an empty key"), DD_BAD_ARGUMENT;
  std::erase(txn->commit.drop_memory, name);
  txn->commit.put_memory.emplace_back(name, string_of(value));
  return DD_OK;
}

dd_status state_drop_memory(dd_txn* handle, dd_bytes key) noexcept {
  Txn* txn = writable(handle, "drop_memory", {key});
  if (txn == nullptr) return DD_BAD_ARGUMENT;
  const std::string name = string_of(key);
  std::erase_if(txn->commit.put_memory, [&](const auto& each) { return each.first == name; });
  txn->commit.drop_memory.push_back(name);
  return DD_OK;
}

dd_status state_output(dd_run* run, dd_text step, dd_text name, dd_text* json) noexcept {
  Session& session = *Session::of(run);
  if (!may_read(session, "output", json != nullptr) || !session.readable(step.data, step.size, "output") ||
      !session.readable(name.data, name.size, "output")) {
    return DD_BAD_ARGUMENT;
  }
  const auto found = session.start().outputs.find({string_of(step), string_of(name)});
  if (found == session.start().outputs.end()) return DD_NOT_FOUND;
  *json = text_of(session.keep("output", found->second));
  return DD_OK;
}

dd_status state_put_output(dd_txn* handle, dd_text name, dd_text json) noexcept {
  Txn* txn = writable(handle, "put_output", {as_bytes(name), as_bytes(json)});
  if (txn == nullptr) return DD_BAD_ARGUMENT;
  auto parsed = json::Text::parse(string_of(json));
  if (!parsed) {
    txn->session->broken("put_output " + string_of(name) + ": not JSON: " + parsed.error().message());
    return DD_BAD_ARGUMENT;
  }
  txn->commit.outputs.emplace_back(string_of(name), string_of(json));
  return DD_OK;
}

dd_status state_put_metric(dd_txn* handle, dd_text name, double value) noexcept {
  Txn* txn = writable(handle, "put_metric", {as_bytes(name)});
  if (txn == nullptr) return DD_BAD_ARGUMENT;
  if (name.size == 0 || !std::isfinite(value)) {
    txn->session->broken("put_metric " + string_of(name) + ": no name, or not a finite number");
    return DD_BAD_ARGUMENT;
  }
  txn->commit.metrics.emplace_back(string_of(name), value);
  return DD_OK;
}

dd_status state_put_finding(dd_txn* handle, dd_text json, std::uint64_t* number) noexcept {
  Txn* txn = writable(handle, "put_finding", {as_bytes(json)});
  if (txn == nullptr) return DD_BAD_ARGUMENT;
  Session& session = *txn->session;
  auto read = read_finding(0, string_of(json));
  if (!read) {
    session.broken("put_finding: " + read.error().message() + ": " + string_of(json));
    return DD_BAD_ARGUMENT;
  }
  const std::uint64_t given = session.ledger().next_finding() + txn->commit.findings.size();
  txn->commit.findings.emplace_back(given, string_of(json));
  txn->safety[given] = read->safety;
  if (number != nullptr) *number = given;
  return DD_OK;
}

dd_status state_findings(dd_run* run, dd_text step, dd_text* json_lines) noexcept {
  Session& session = *Session::of(run);
  if (!may_read(session, "findings", json_lines != nullptr) || !session.readable(step.data, step.size, "findings")) {
    return DD_BAD_ARGUMENT;
  }
  std::string lines;
  for (const auto& [from, json] : session.start().findings) {
    if (step.size == 0 || from == string_of(step)) lines += json + "\n";
  }
  *json_lines = text_of(session.keep("findings", std::move(lines)));
  return DD_OK;
}

dd_status state_put_file(dd_txn* handle, dd_text name, dd_bytes bytes) noexcept {
  Txn* txn = writable(handle, "put_file", {as_bytes(name), bytes});
  if (txn == nullptr) return DD_BAD_ARGUMENT;
  if (!walk::clean_relative(string_of(name)) || bytes.size > kMaxFile) {
    txn->session->broken("put_file " + string_of(name) + ": not a clean relative name, or over 64 MiB");
    return DD_BAD_ARGUMENT;
  }
  txn->commit.files.emplace_back(string_of(name), string_of(bytes));
  return DD_OK;
}

}  // namespace

const void* state_table() {
  static constexpr dd_state_service kTable{
      sizeof(dd_state_service), &state_begin,          &state_commit,   &state_rollback,
      &state_checkpoint,        &state_put_checkpoint, &state_memory,   &state_scan_memory,
      &state_put_memory,        &state_drop_memory,    &state_output,   &state_put_output,
      &state_put_metric,        &state_put_finding,    &state_findings, &state_put_file};
  return &kTable;
}

}  // namespace daydream::testing
