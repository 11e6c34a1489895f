// Forks a child that stays, and that tries to speak to the host.
#include <unistd.h>

#include <string>

#include "plugin.hpp"

namespace {

dd_status run(void*) noexcept {
  const pid_t child = ::fork();
  if (child == 0) {
    say("a child must not be heard");
    while (true) ::pause();
  }
  say("child " + std::to_string(child));
  return DD_OK;
}

}  // namespace

PLUGIN("leaves_child", run);
