// Ignores every signal that can be ignored and waits for ever.
#include <unistd.h>

#include <csignal>

#include "plugin.hpp"

namespace {

dd_status run(void*) noexcept {
  for (int number = 1; number < 32; ++number) std::signal(number, SIG_IGN);
  while (true) ::pause();
  return DD_OK;
}

}  // namespace

PLUGIN("ignores_signals", run);
