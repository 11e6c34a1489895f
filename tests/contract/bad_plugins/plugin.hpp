// What the small plugins of these tests share: the tables, kept by open(), and the exported struct.
#pragma once

#include <cstring>
#include <string>
#include <string_view>

#include "daydream/abi.h"
#include "daydream/changes.h"
#include "daydream/run.h"
#include "daydream/state.h"

namespace {

[[maybe_unused]] const dd_host* host = nullptr;
[[maybe_unused]] dd_run* the_run = nullptr;
[[maybe_unused]] const dd_state_service* state = nullptr;
[[maybe_unused]] const dd_changes_service* changes = nullptr;
[[maybe_unused]] const dd_run_service* facts = nullptr;
[[maybe_unused]] std::string config;

[[maybe_unused]] dd_text text(std::string_view words) {
  return {words.data(), words.size()};
}
[[maybe_unused]] dd_bytes bytes(std::string_view words) {
  return {reinterpret_cast<const uint8_t*>(words.data()), words.size()};
}
[[maybe_unused]] std::string string_of(dd_bytes view) {
  return view.size == 0 ? "" : std::string(reinterpret_cast<const char*>(view.data), view.size);
}
[[maybe_unused]] std::string string_of(dd_text view) {
  return view.size == 0 ? "" : std::string(view.data, view.size);
}
[[maybe_unused]] void say(const std::string& line) {
  host->log(the_run, DD_LOG_INFO, text(line));
}

[[maybe_unused]] dd_status keep_tables(const dd_host* table, dd_run* run, dd_text config_json, void** self) noexcept {
  host = table;
  the_run = run;
  config = string_of(config_json);
  state = static_cast<const dd_state_service*>(host->service(run, DD_STATE_SERVICE));
  changes = static_cast<const dd_changes_service*>(host->service(run, DD_CHANGES_SERVICE));
  facts = static_cast<const dd_run_service*>(host->service(run, DD_RUN_SERVICE));
  *self = &config;
  return DD_OK;
}

[[maybe_unused]] dd_status do_nothing(void*) noexcept {
  return DD_OK;
}
[[maybe_unused]] void forget(void*) noexcept {}

}  // namespace

#define DESCRIPTOR(id) "{\"id\":\"" id "\",\"version\":\"1.0.0\",\"summary\":\"a plugin of a test\"}"
#define EXPORTED extern "C" __attribute__((visibility("default"))) const dd_plugin daydream_plugin_v1
#define PLUGIN_OPENED_BY(id, open_function, run_function)                                                             \
  EXPORTED;                                                                                                           \
  const dd_plugin daydream_plugin_v1 = {sizeof(dd_plugin), DD_ABI_MAJOR, DD_ABI_MINOR, DESCRIPTOR(id), open_function, \
                                        run_function,      nullptr,      nullptr,      nullptr,        forget}
#define PLUGIN(id, run_function) PLUGIN_OPENED_BY(id, keep_tables, run_function)
