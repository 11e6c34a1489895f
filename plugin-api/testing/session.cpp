#include "session.hpp"

#include <algorithm>

#include "daydream/changes.h"
#include "daydream/http.h"
#include "daydream/run.h"
#include "daydream/state.h"

namespace daydream::testing {

bool Session::broken(const std::string& what) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (std::find(answer_.breaks.begin(), answer_.breaks.end(), what) == answer_.breaks.end()) {
    answer_.breaks.push_back(what);
  }
  return false;
}

bool Session::on_run_thread(const char* function) {
  if (ended_) return broken(std::string(function) + ": called after the step had ended");
  if (std::this_thread::get_id() == run_thread_) return true;
  return broken(std::string(function) + ": called from another thread than the run thread");
}

bool Session::readable(const void* data, std::size_t size, const char* function) {
  return data != nullptr || size == 0 || broken(std::string(function) + ": a null pointer with a size");
}

Txn* Session::begin(const char* function) {
  if (!on_run_thread(function)) return nullptr;
  if (open_ != nullptr) {
    broken(std::string(function) + ": another transaction is open");
    return nullptr;
  }
  txns_.push_back(std::make_unique<Txn>());
  open_ = txns_.back().get();
  open_->session = this;
  return open_;
}

Txn* Session::txn(dd_txn* handle, const char* function) {
  auto* txn = reinterpret_cast<Txn*>(handle);
  if (txn == nullptr) {
    current_->broken(std::string(function) + ": a null transaction");
    return nullptr;
  }
  if (!txn->session->on_run_thread(function)) return nullptr;
  if (!txn->open) {
    txn->session->broken(std::string(function) + ": the transaction has ended (commit and rollback consume it)");
    return nullptr;
  }
  return txn;
}

dd_status Session::commit(Txn& txn) {
  txn.open = false;
  open_ = nullptr;
  if (stopped()) return DD_CANCELLED;
  ++commits_;
  Commit commit = std::move(txn.commit);
  const Commit& taken = commit;
  host_.take(commit);
  for (const auto& effect : taken.effects) {
    if (effect.kind == EffectKind::kHttp)
      http_settled[effect.key] = answer_http(*this, {0, effect.request, effect.content}).first;
  }
  if (on_commit) on_commit(commits_, taken);
  return DD_OK;
}

void Session::rollback(Txn& txn) {
  txn.open = false;
  open_ = nullptr;
}

void Session::end() {
  if (open_ != nullptr) broken("the step ended with a transaction open (neither commit nor rollback)");
  ended_ = true;
}

void Session::add_log(std::string line) {
  const std::lock_guard<std::mutex> lock(mutex_);
  answer_.log.push_back(std::move(line));
}

const std::string& Session::keep(const char* function, std::string bytes) {
  auto& place = kept_[function];
  // A new allocation each time: who still reads the old one is caught by a sanitizer.
  place = std::make_unique<std::string>(std::move(bytes));
  return *place;
}

std::vector<dd_entry>& Session::page(FileMap entries) {
  auto paths = std::make_unique<std::vector<std::string>>();
  paths->reserve(entries.size());
  auto page = std::make_unique<std::vector<dd_entry>>();
  for (auto& [path, content] : entries) {
    paths->push_back(path);
    page->push_back({bytes_of(paths->back()), content.size(), token_of(content)});
  }
  page_ = std::move(page);
  page_paths_ = std::move(paths);
  return *page_;
}

namespace {

const char* level_name(std::int32_t level) {
  switch (level) {
    case DD_LOG_DEBUG:
      return "debug";
    case DD_LOG_INFO:
      return "info";
    case DD_LOG_WARNING:
      return "warning";
    default:
      return "error";
  }
}

void host_log(dd_run* run, std::int32_t level, dd_text message) noexcept {
  Session& session = *Session::of(run);
  if (level < DD_LOG_DEBUG || level > DD_LOG_ERROR) session.broken("log: unknown level " + std::to_string(level));
  if (!session.readable(message.data, message.size, "log")) return;
  session.add_log(std::string(level_name(level)) + ": " + string_of(message));
}

void host_progress(dd_run* run, std::uint64_t done, std::uint64_t total, dd_text what) noexcept {
  Session& session = *Session::of(run);
  if (total != 0 && done > total) session.broken("progress: more done than there is in total");
  session.readable(what.data, what.size, "progress");
}

std::int32_t host_cancelled(dd_run* run) noexcept {
  return Session::of(run)->stopped() ? 1 : 0;
}

void host_explain(dd_run* run, dd_text code, dd_text message) noexcept {
  Session& session = *Session::of(run);
  if (!session.on_run_thread("explain") || !session.readable(code.data, code.size, "explain") ||
      !session.readable(message.data, message.size, "explain")) {
    return;
  }
  session.answer().code = string_of(code);
  session.answer().message = string_of(message);
}

const void* host_service(dd_run* run, const char* id) noexcept {
  Session& session = *Session::of(run);
  if (!session.on_run_thread("service")) return nullptr;
  if (id == nullptr) {
    session.broken("service: a null id");
    return nullptr;
  }
  return service_table(id);
}

}  // namespace

const void* service_table(std::string_view id) {
  if (id == DD_RUN_SERVICE) return run_table();
  if (id == DD_STATE_SERVICE) return state_table();
  if (id == DD_CHANGES_SERVICE) return changes_table();
  if (id == DD_HTTP_SERVICE) return http_table();
  return nullptr;
}

const dd_host& Session::table() {
  static constexpr dd_host kHost{sizeof(dd_host), DD_ABI_MAJOR,    DD_ABI_MINOR,  &host_log,
                                 &host_progress,  &host_cancelled, &host_explain, &host_service};
  return kHost;
}

}  // namespace daydream::testing
