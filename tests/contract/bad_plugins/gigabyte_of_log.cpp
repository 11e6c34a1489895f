// Logs a gigabyte: sixteen lines of 64 MiB.
#include "plugin.hpp"

namespace {

dd_status run(void*) noexcept {
  const std::string line(std::size_t{64} << 20, 'x');
  for (int i = 0; i < 16; ++i) say(line);
  return DD_OK;
}

}  // namespace

PLUGIN("gigabyte_of_log", run);
