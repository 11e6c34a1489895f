// One try of a step, behind the dd_run it holds: the tables, and the checks of every promise.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "daydream/abi.h"
#include "daydream/changes.h"
#include "daydream/testing/memory_host.hpp"

namespace daydream::testing {

struct HttpWaiting {
  std::uint64_t ticket = 0;
  std::string request, body;
};

struct Txn {
  Session* session = nullptr;
  bool open = true;
  Commit commit;
  std::map<std::uint64_t, std::string> safety;  // of the findings put in it
};

class Session {
 public:
  Session(MemoryHost& host, int stop_after) : host_(host), stop_after_(stop_after) { current_ = this; }

  static Session* of(dd_run* run) { return reinterpret_cast<Session*>(run); }
  [[nodiscard]] dd_run* handle() { return reinterpret_cast<dd_run*>(this); }
  static const dd_host& table();

  // Records a broken promise; `false` for the caller to return on.
  bool broken(const std::string& what);
  // Checks of a [run thread] function.
  bool on_run_thread(const char* function);
  // The transaction, or nullptr with the break recorded.
  static Txn* txn(dd_txn* handle, const char* function);
  bool readable(const void* data, std::size_t size, const char* function);

  Txn* begin(const char* function);
  dd_status commit(Txn& txn);
  void rollback(Txn& txn);
  [[nodiscard]] bool stopped() const { return stop_after_ > 0 && commits_ >= stop_after_; }
  [[nodiscard]] bool open_transaction() const { return open_ != nullptr; }
  void end();

  [[nodiscard]] MemoryHost& host() { return host_; }
  [[nodiscard]] const Start& start() const { return host_.start_; }
  [[nodiscard]] const Ledger& ledger() const { return *host_.ledger_; }
  // The source tree as the step sees it.
  [[nodiscard]] const FileMap& files() const { return host_.visible(); }
  [[nodiscard]] const Workspace& workspace() const { return *host_.workspace_; }
  [[nodiscard]] Answer& answer() { return answer_; }
  void add_log(std::string line);

  // Each function's last answer, which the next call of it frees.
  const std::string& keep(const char* function, std::string bytes);
  std::vector<dd_entry>& page(FileMap entries);

  // Called once a commit is taken; run_killed_after ends the child here.
  std::function<void(int commits, const Commit& commit)> on_commit;
  bool migrated = false;  // from now on a checkpoint of another schema is dropped
  std::string command;
  int attempt = 1;
  std::uint32_t checkpoint_schema = 1;  // as the descriptor says
  std::deque<HttpWaiting> http_waiting;
  std::map<std::string, std::string> http_settled;  // by key: the response

 private:
  static inline Session* current_ = nullptr;  // for the breaks that come without a handle

  MemoryHost& host_;
  int stop_after_;
  int commits_ = 0;
  bool ended_ = false;
  std::thread::id run_thread_ = std::this_thread::get_id();
  std::mutex mutex_;  // of answer_'s log and breaks: [any thread] functions write there
  Answer answer_;
  Txn* open_ = nullptr;
  std::vector<std::unique_ptr<Txn>> txns_;
  std::map<std::string, std::unique_ptr<std::string>> kept_;
  std::unique_ptr<std::vector<dd_entry>> page_;
  std::unique_ptr<std::vector<std::string>> page_paths_;
};

// The script's answer to a request: response JSON, body.
std::pair<std::string, std::string> answer_http(const Session& session, const HttpWaiting& waiting);

// The tables of the services; nullptr for an unknown id.
const void* service_table(std::string_view id);
const void* state_table();
const void* changes_table();
const void* run_table();
const void* http_table();

// Calls of the tables answer DD_BAD_ARGUMENT after a break.
inline std::string string_of(dd_text text) {
  return text.size == 0 ? std::string() : std::string(text.data, text.size);
}
inline std::string string_of(dd_bytes bytes) {
  return bytes.size == 0 ? std::string() : std::string(reinterpret_cast<const char*>(bytes.data), bytes.size);
}
inline dd_bytes bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline dd_text text_of(const std::string& text) {
  return {text.data(), text.size()};
}

}  // namespace daydream::testing
