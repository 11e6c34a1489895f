// Not wrong: open() fails, says why, and must not be closed.
#include <cstdlib>

#include "plugin.hpp"

namespace {

dd_status open(const dd_host* table, dd_run* run, dd_text, void**) noexcept {
  table->explain(run, text("not-configured"), text("no organisation is named"));
  return DD_SKIPPED;
}

void close(void*) noexcept {
  std::abort();
}

}  // namespace

EXPORTED;
const dd_plugin daydream_plugin_v1 = {
    sizeof(dd_plugin), DD_ABI_MAJOR, DD_ABI_MINOR, DESCRIPTOR("refuses_to_open"), open, do_nothing, nullptr,
    nullptr,           nullptr,      close};
