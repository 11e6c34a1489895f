// Takes memory without end.
#include <cstring>
#include <vector>

#include "plugin.hpp"

namespace {

dd_status run(void*) noexcept {
  std::vector<char*> kept;
  while (true) {
    kept.push_back(new char[1 << 20]);
    std::memset(kept.back(), 1, 1 << 20);
  }
  return DD_OK;
}

}  // namespace

PLUGIN("leaks", run);
