// The table every plugin gets, and the register of runs that its [any thread] functions look into.
#include <algorithm>
#include <cstring>
#include <shared_mutex>

#include "worker/run.hpp"

namespace daydream::worker {
namespace {

struct Register {
  std::shared_mutex lock;
  std::vector<dd_run*> runs;
};

// Never destroyed: threads of a plugin may still log while the process ends.
Register& known() {
  static auto* const kKnown = new Register;
  return *kKnown;
}

thread_local dd_run* this_threads_run = nullptr;

// Calls `use` with the run while it cannot go away; nothing for an unknown pointer.
template <class Use>
void with_run(dd_run* run, Use use) {
  Register& all = known();
  const std::shared_lock lock(all.lock);
  if (run != nullptr && std::find(all.runs.begin(), all.runs.end(), run) != all.runs.end()) use(*run);
}

void log(dd_run* run, int32_t level, dd_text message) noexcept {
  const auto text = view(message);
  with_run(run, [&](dd_run& known_run) {
    if (text) known_run.link.log(level, *text);
  });
}

void progress(dd_run* run, uint64_t done, uint64_t total, dd_text what) noexcept {
  const auto text = view(what);
  with_run(run, [&](dd_run& known_run) { known_run.link.progress(done, total, text.value_or("")); });
}

int32_t cancelled(dd_run* run) noexcept {
  bool result = false;
  with_run(run, [&](dd_run& known_run) { result = known_run.link.cancelled(); });
  return result ? 1 : 0;
}

void explain(dd_run* run, dd_text code, dd_text message) noexcept {
  if (on_run_thread(run, "explain") == nullptr) return;
  run->link.explain(view(code).value_or(""), view(message).value_or(""));
}

const void* service(dd_run* run, const char* id) noexcept {
  if (on_run_thread(run, "service") == nullptr || id == nullptr) return nullptr;
  const std::string_view wanted(id, ::strnlen(id, 100));
  if (wanted == DD_RUN_SERVICE) return run_table();
  if (wanted == DD_STATE_SERVICE) return state_table();
  if (wanted == DD_CHANGES_SERVICE) return changes_table();
  if (wanted == DD_HTTP_SERVICE) return http_table();
  return nullptr;
}

}  // namespace

Registration::Registration(dd_run& run) : run_(run) {
  Register& all = known();
  const std::lock_guard lock(all.lock);
  all.runs.push_back(&run);
  this_threads_run = &run;
}

Registration::~Registration() {
  this_threads_run = nullptr;
  Register& all = known();
  const std::lock_guard lock(all.lock);
  std::erase(all.runs, &run_);
}

void contract_break(dd_run* run, const char* function, std::string_view what) noexcept {
  const std::string line = std::string("contract broken: ") + function + "(): " + std::string(what);
  if (run == nullptr) run = this_threads_run;
  if (run == nullptr) {
    Register& all = known();
    const std::shared_lock lock(all.lock);
    for (dd_run* any : all.runs) any->link.log(DD_LOG_ERROR, line);
    return;
  }
  run->link.log(DD_LOG_ERROR, line);
}

dd_run* on_run_thread(dd_run* run, const char* function) noexcept {
  if (run != nullptr && run == this_threads_run) return run;
  contract_break(this_threads_run, function,
                 run == nullptr                ? "the run is NULL"
                 : this_threads_run == nullptr ? "called from a thread that is not the run thread"
                                               : "not the run that was given to open()");
  return nullptr;
}

dd_run* with_open(dd_txn* txn, const char* function) noexcept {
  dd_run* const run = this_threads_run;
  if (run == nullptr) {
    contract_break(nullptr, function, "called from a thread that is not the run thread");
    return nullptr;
  }
  if (txn != nullptr && run->transaction && txn == &run->handles.back()) return run;
  contract_break(run, function,
                 txn == nullptr ? "the transaction is NULL" : "the transaction is finished, or none of ours");
  return nullptr;
}

dd_status bad_argument(dd_run* run, const char* function, std::string_view what) noexcept {
  contract_break(run, function, what);
  return DD_BAD_ARGUMENT;
}

const dd_host* core_table() {
  static constexpr dd_host kTable = {sizeof(dd_host), DD_ABI_MAJOR, DD_ABI_MINOR, log,
                                     progress,        cancelled,    explain,      service};
  return &kTable;
}

}  // namespace daydream::worker
