// Writes a gigabyte to its standard output.
#include <unistd.h>

#include "plugin.hpp"

namespace {

dd_status run(void*) noexcept {
  std::string line(std::size_t{1} << 20, 'x');
  line.back() = '\n';
  for (int i = 0; i < 1024; ++i) {
    for (std::string_view rest = line; !rest.empty();) {
      const ssize_t written = ::write(1, rest.data(), rest.size());
      if (written < 0) return DD_RETRY;
      rest.remove_prefix(static_cast<size_t>(written));
    }
  }
  return DD_OK;
}

}  // namespace

PLUGIN("gigabyte_of_output", run);
