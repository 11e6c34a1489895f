// What stands behind dd_run and dd_txn, and how the tables find it. A plugin's pointers are compared,
// never trusted: a transaction handle is only an address, used once.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "daydream/abi.h"
#include "daydream/changes.h"
#include "daydream/http.h"
#include "daydream/kit/hash.hpp"
#include "daydream/run.h"
#include "daydream/state.h"
#include "frames/http_messages.hpp"
#include "frames/messages.hpp"
#include "loader/descriptor.hpp"
#include "worker/link.hpp"

struct dd_txn {};

namespace daydream::worker {

struct Transaction {
  frames::Commit commit;  // without what lies below until it is sent: there the last put of a key counts
  std::map<std::string, std::string> puts, outputs;
  std::map<std::string, double> metrics;
  std::set<std::string> drops;
  std::size_t bytes = 0;            // of all that was put, also what was put over
  std::uint64_t first_finding = 0;  // put by it: numbers from here on
};

// One page of memory as fetched: everything with `prefix` behind `after` up to its last key.
struct MemoryPage {
  std::string prefix, after;
  std::vector<std::pair<std::string, std::string>> items;
  bool last = false;  // nothing behind its end
  bool stale = true;  // a commit came after it
};

}  // namespace daydream::worker

struct dd_run {
  dd_run(daydream::worker::Link& link_, const daydream::frames::Start& start_) : link(link_), start(start_) {}

  daydream::worker::Link& link;
  const daydream::frames::Start& start;
  daydream::loader::Descriptor descriptor;
  daydream::hash::GitFormat blob_format = daydream::hash::GitFormat::kSha1;
  bool migrating = false;

  // The open transaction: the last of `handles`; those before it are finished.
  std::deque<dd_txn> handles;
  std::optional<daydream::worker::Transaction> transaction;
  std::uint64_t next_finding = 1;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> lost_findings;  // [from, to): rolled back

  // As committed. Shared, so that what a plugin was given outlives a commit.
  struct Checkpoint {
    std::uint32_t schema = 0;
    std::string bytes;
  };
  std::shared_ptr<const Checkpoint> checkpoint;

  // What the last call of each function gave away.
  struct Given {
    std::shared_ptr<const Checkpoint> checkpoint;
    std::string memory, output, findings, content;
    daydream::worker::MemoryPage scanned;
    std::vector<daydream::frames::Entry> listed;
    std::vector<dd_entry> page;
  } given;
  std::unordered_map<std::uint64_t, std::uint64_t> sizes;  // of contents read, by token

  struct Http {
    std::size_t under_way = 0;  // submitted and not polled yet
    std::deque<daydream::frames::HttpAnswer> fetched;
    daydream::frames::HttpAnswer polled;
    std::string settled;
  } http;
};

namespace daydream::worker {

// While it lives, `run` is known to the tables; its thread is the run thread.
class Registration {
 public:
  explicit Registration(dd_run& run);
  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;
  ~Registration();

 private:
  dd_run& run_;
};

// The run if the caller is its run thread; else nullptr, and the broken contract is logged.
dd_run* on_run_thread(dd_run* run, const char* function) noexcept;
// The run of this thread if `txn` is its open transaction; else nullptr and logged.
dd_run* with_open(dd_txn* txn, const char* function) noexcept;
// Logs what a plugin did against the header, as an error. `run` may be null: this thread's, else any.
void contract_break(dd_run* run, const char* function, std::string_view what) noexcept;

// nullopt: NULL with a size. The view is of the plugin's memory: copy before returning.
inline std::optional<std::string_view> view(dd_text text) {
  if (text.size == 0) return std::string_view();
  if (text.data == nullptr) return std::nullopt;
  return std::string_view(text.data, text.size);
}
inline std::optional<std::string_view> view(dd_bytes bytes) {
  if (bytes.size == 0) return std::string_view();
  if (bytes.data == nullptr) return std::nullopt;
  return std::string_view(reinterpret_cast<const char*>(bytes.data), bytes.size);
}
inline dd_text to_text(std::string_view text) {
  return {text.data(), text.size()};
}
inline dd_bytes to_bytes(std::string_view bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

// Refuses an argument: DD_BAD_ARGUMENT, logged with the function's name.
dd_status bad_argument(dd_run* run, const char* function, std::string_view what) noexcept;
// Room for `more` bytes in the open transaction; false (and logged) when it would not fit one frame.
bool reserve(dd_run& run, std::size_t more, const char* function);
// A number of put_finding in this run, not rolled back.
bool known_finding(const dd_run& run, std::uint64_t number);

// Transactions: state_service's, and those of migrate.
dd_txn* begin_transaction(dd_run& run);
void roll_back(dd_run& run);
dd_status commit_open(dd_run& run);

const dd_host* core_table();
const dd_run_service* run_table();
const dd_state_service* state_table();
const dd_changes_service* changes_table();
const dd_http_service* http_table();

}  // namespace daydream::worker
