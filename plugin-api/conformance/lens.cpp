#include "lens.hpp"

#include "daydream/kit/result.hpp"
#include "daydream/state.h"

namespace daydream::conformance {

namespace {
Lens* current = nullptr;
}

// The functions that stand in a table and lead to the lens.
struct LensTable {
  static const dd_host& host() { return *current->host_; }

  static void log(dd_run* run, std::int32_t level, dd_text message) noexcept { host().log(run, level, message); }
  static void progress(dd_run* run, std::uint64_t done, std::uint64_t total, dd_text what) noexcept {
    host().progress(run, done, total, what);
  }
  static std::int32_t cancelled(dd_run* run) noexcept {
    __atomic_add_fetch(&current->stop_questions, 1, __ATOMIC_RELAXED);
    if (current->asked_to_stop && current->asked_to_stop()) return 1;
    return host().cancelled(run);
  }
  static void explain(dd_run* run, dd_text code, dd_text message) noexcept { host().explain(run, code, message); }
  static const void* service(dd_run* run, const char* id) noexcept {
    const void* table = host().service(run, id);
    if (table != nullptr && std::string_view(id) == DD_STATE_SERVICE) table = watched(table);
    return current->service && id != nullptr ? current->service(id, table) : table;
  }
  static const dd_state_service* state;
  static const void* watched(const void* table) {
    static dd_state_service kWatched;
    state = static_cast<const dd_state_service*>(table);
    kWatched = *state;
    kWatched.commit = &commit;
    return &kWatched;
  }
  static dd_status commit(dd_txn* txn) noexcept {
    if (current->before_commit) current->before_commit();
    const dd_status status = state->commit(txn);
    if (current->after_commit) current->after_commit();
    return status;
  }

  static dd_status open(const dd_host* host, dd_run* run, dd_text configuration, void** self) noexcept {
    static dd_host kTable;
    current->host_ = host;
    kTable = {host->struct_size, host->abi_major, host->abi_minor, &log, &progress, &cancelled, &explain, &service};
    if (current->before_open) current->before_open();
    const dd_host* given = current->host_table ? current->host_table(&kTable) : &kTable;
    if (current->configuration) configuration = {current->configuration->data(), current->configuration->size()};
    return current->opened = current->step_->open(given, run, configuration, self);
  }
  static dd_status run(void* self) noexcept {
    if (current->without_run) return DD_OK;
    if (current->before_run) current->before_run();
    return current->step_->run(self);
  }
};
const dd_state_service* LensTable::state = nullptr;

Lens::Lens(const dd_plugin& step) : step_(&step), seen_(step) {
  contract(current == nullptr, "one lens at a time");
  current = this;
  seen_.open = &LensTable::open;
  seen_.run = &LensTable::run;
}

Lens::~Lens() {
  current = nullptr;
}

}  // namespace daydream::conformance
