// "daydream.state/1", reads: checkpoint, memory, outputs, findings. Reads see only what is committed.
#include <algorithm>

#include "worker/run.hpp"
#include "worker/state_puts.hpp"

namespace daydream::worker {
namespace {

dd_txn* begin(dd_run* run) noexcept {
  if (on_run_thread(run, "begin") == nullptr) return nullptr;
  if (run->transaction) {
    contract_break(run, "begin", "another transaction is open");
    return nullptr;
  }
  return begin_transaction(*run);
}

dd_status commit(dd_txn* txn) noexcept {
  dd_run* const run = with_open(txn, "commit");
  if (run == nullptr) return DD_BAD_ARGUMENT;
  if (run->migrating) return bad_argument(run, "commit", "the host commits the transaction of migrate");
  return commit_open(*run);
}

void rollback(dd_txn* txn) noexcept {
  dd_run* const run = with_open(txn, "rollback");
  if (run == nullptr) return;
  if (run->migrating) return contract_break(run, "rollback", "the transaction of migrate is the host's");
  roll_back(*run);
}

dd_status checkpoint(dd_run* run, uint32_t* schema, dd_bytes* last) noexcept {
  if (on_run_thread(run, "checkpoint") == nullptr) return DD_BAD_ARGUMENT;
  if (schema == nullptr || last == nullptr) return bad_argument(run, "checkpoint", "nowhere to put the answer");
  if (!run->checkpoint) return DD_NOT_FOUND;
  run->given.checkpoint = run->checkpoint;
  *schema = run->checkpoint->schema;
  *last = to_bytes(run->given.checkpoint->bytes);
  return DD_OK;
}

bool by_key(const std::pair<std::string, std::string>& entry, std::string_view key) {
  return entry.first < key;
}

// What the page says of a key: its value, that it is not there (nullptr inside), or nothing.
std::optional<const std::string*> in_page(const MemoryPage& page, std::string_view key) {
  if (page.stale || !key.starts_with(page.prefix) || key <= page.after) return std::nullopt;
  if (!page.last && (page.items.empty() || key > page.items.back().first)) return std::nullopt;
  const auto entry = std::lower_bound(page.items.begin(), page.items.end(), key, by_key);
  if (entry == page.items.end() || entry->first != key) return nullptr;
  return &entry->second;
}

dd_status memory(dd_run* run, dd_bytes key, dd_bytes* value) noexcept {
  if (on_run_thread(run, "memory") == nullptr) return DD_BAD_ARGUMENT;
  const auto wanted = view(key);
  if (!wanted || value == nullptr) return bad_argument(run, "memory", "NULL");
  if (const auto known = in_page(run->given.scanned, *wanted)) {
    if (*known == nullptr) return DD_NOT_FOUND;
    run->given.memory = **known;
  } else {
    auto reply = run->link.ask(frames::Type::kMemory, frames::MemoryRequest{std::string(*wanted)}.encode());
    if (reply.status != DD_OK) return reply.status;
    run->given.memory = std::move(reply.body);
  }
  *value = to_bytes(run->given.memory);
  return DD_OK;
}

dd_status fetch_page(dd_run& run, std::string prefix, std::string after) {
  auto reply = run.link.ask(frames::Type::kScanMemory, frames::ScanRequest{prefix, after}.encode());
  if (reply.status != DD_OK && reply.status != DD_NOT_FOUND) return reply.status;
  frames::Pairs pairs;
  pairs.last = true;
  if (reply.status == DD_OK) {
    auto decoded = frames::Pairs::decode(reply.body);
    if (!decoded) return DD_RETRY;
    pairs = std::move(*decoded);
  }
  MemoryPage& page = run.given.scanned;
  page.prefix = std::move(prefix);
  page.after = std::move(after);
  page.items = std::move(pairs.items);
  page.last = pairs.last || page.items.empty();
  page.stale = false;
  return DD_OK;
}

// The entry behind `after` if the page tells it: one, or the end of all (nullptr inside).
std::optional<const std::pair<std::string, std::string>*> next_in_page(const MemoryPage& page, std::string_view prefix,
                                                                       std::string_view after) {
  if (page.stale || page.prefix != prefix || after < page.after) return std::nullopt;
  const auto entry = std::upper_bound(page.items.begin(), page.items.end(), after,
                                      [](std::string_view key, const auto& item) { return key < item.first; });
  if (entry != page.items.end()) return &*entry;
  if (page.last) return nullptr;
  return std::nullopt;
}

dd_status scan_memory(dd_run* run, dd_bytes prefix, dd_bytes after, dd_bytes* key, dd_bytes* value) noexcept {
  if (on_run_thread(run, "scan_memory") == nullptr) return DD_BAD_ARGUMENT;
  const auto wanted = view(prefix);
  const auto behind = view(after);  // often the key given last: it lies in the page
  if (!wanted || !behind || key == nullptr || value == nullptr) return bad_argument(run, "scan_memory", "NULL");
  auto next = next_in_page(run->given.scanned, *wanted, *behind);
  if (!next) {
    if (const dd_status got = fetch_page(*run, std::string(*wanted), std::string(*behind)); got != DD_OK) return got;
    const MemoryPage& page = run->given.scanned;
    next = page.items.empty() ? nullptr : &page.items.front();
  }
  if (*next == nullptr) return DD_NOT_FOUND;
  *key = to_bytes((*next)->first);
  *value = to_bytes((*next)->second);
  return DD_OK;
}

dd_status ask_output(dd_run& run, frames::Type type, std::string_view step, std::string_view name, std::string& kept,
                     dd_text* json) {
  auto reply = run.link.ask(type, frames::OutputRequest{std::string(step), std::string(name)}.encode());
  if (reply.status != DD_OK) return reply.status;
  kept = std::move(reply.body);
  *json = to_text(kept);
  return DD_OK;
}

dd_status output(dd_run* run, dd_text step, dd_text name, dd_text* json) noexcept {
  if (on_run_thread(run, "output") == nullptr) return DD_BAD_ARGUMENT;
  const auto from = view(step);
  const auto wanted = view(name);
  if (!from || !wanted || json == nullptr) return bad_argument(run, "output", "NULL");
  return ask_output(*run, frames::Type::kOutput, *from, *wanted, run->given.output, json);
}

dd_status findings(dd_run* run, dd_text step, dd_text* json_lines) noexcept {
  if (on_run_thread(run, "findings") == nullptr) return DD_BAD_ARGUMENT;
  const auto from = view(step);
  if (!from || json_lines == nullptr) return bad_argument(run, "findings", "NULL");
  return ask_output(*run, frames::Type::kFindings, *from, "", run->given.findings, json_lines);
}

}  // namespace

const dd_state_service* state_table() {
  static constexpr dd_state_service kTable = {sizeof(dd_state_service),
                                              begin,
                                              commit,
                                              rollback,
                                              checkpoint,
                                              put_checkpoint,
                                              memory,
                                              scan_memory,
                                              put_memory,
                                              drop_memory,
                                              output,
                                              put_output,
                                              put_metric,
                                              put_finding,
                                              findings,
                                              put_file};
  return &kTable;
}

}  // namespace daydream::worker
