// Leaves a process behind as daemons do: a child of a child, in a session of its own. Each holds on to nothing of
// ours but waits for ever.
#include <sys/wait.h>
#include <unistd.h>

#include "plugin.hpp"

namespace {

dd_status run(void*) noexcept {
  const pid_t child = ::fork();
  if (child == 0) {
    ::setsid();
    if (::fork() != 0) ::_exit(0);
    if (::fork() == 0) ::setsid();
    while (true) ::pause();
  }
  ::waitpid(child, nullptr, 0);
  return DD_OK;
}

}  // namespace

PLUGIN("leaves_daemon", run);
