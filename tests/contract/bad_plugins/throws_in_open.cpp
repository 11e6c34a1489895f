// The same from open(), and something that is no std::exception.
#include "plugin.hpp"

namespace {

void fail() {
  throw 42;
}

dd_status open(const dd_host*, dd_run*, dd_text, void**) noexcept {
  fail();
  return DD_OK;
}

}  // namespace

PLUGIN_OPENED_BY("throws_in_open", open, do_nothing);
