// Changes folder, umask, signals and environment of its process, then commits.
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "plugin.hpp"

namespace {

dd_status run(void*) noexcept {
  if (::chdir("/usr") != 0) say("no chdir");
  ::umask(0777);
  for (int number = 1; number < 32; ++number) std::signal(number, SIG_IGN);
  sigset_t all;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, nullptr);
  ::unsetenv("PATH");
  dd_txn* txn = state->begin(the_run);
  state->put_checkpoint(txn, 1, bytes("still heard"));
  return state->commit(txn);
  return DD_OK;
}

}  // namespace

PLUGIN("disturbs_process", run);
