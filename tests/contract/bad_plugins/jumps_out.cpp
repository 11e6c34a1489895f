// longjmp into a function that has long returned.
#include <csetjmp>

#include "plugin.hpp"

namespace {

std::jmp_buf back;

dd_status open(const dd_host* table, dd_run* run, dd_text config_json, void** self) noexcept {
  if (setjmp(back) != 0) return DD_OK;
  return keep_tables(table, run, config_json, self);
}

dd_status run(void*) noexcept {
  std::longjmp(back, 1);
}

}  // namespace

PLUGIN_OPENED_BY("jumps_out", open, run);
