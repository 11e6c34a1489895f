// Not wrong: says which signals it finds.
#include <csignal>

#include "plugin.hpp"

namespace {

dd_status run(void*) noexcept {
  sigset_t blocked;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
  say(sigismember(&blocked, SIGTERM) == 1 ? "SIGTERM blocked" : "SIGTERM open");
  struct sigaction action {};
  ::sigaction(SIGTERM, nullptr, &action);
  say(action.sa_handler == SIG_DFL ? "SIGTERM default" : "SIGTERM changed");
  return DD_OK;
}

}  // namespace

PLUGIN("tells_signals", run);
