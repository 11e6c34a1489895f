// An exception leaves run() through the C frame.
#include <stdexcept>

#include "plugin.hpp"

namespace {

void fail() {
  throw std::runtime_error("the cat sat on it");
}

dd_status run(void*) noexcept {
  fail();
  return DD_OK;
}

}  // namespace

PLUGIN("throws_in_run", run);
