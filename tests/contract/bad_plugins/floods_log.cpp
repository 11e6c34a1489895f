// Five thousand log lines at once, one of a megabyte that is not UTF-8.

#include "plugin.hpp"

namespace {

dd_status run(void*) noexcept {
  for (int i = 0; i < 5000; ++i) say("line " + std::to_string(i));
  say(std::string(1 << 20, (char)0xff));
  host->log(the_run, 99, text("odd level"));
  return DD_OK;
}

}  // namespace

PLUGIN("floods_log", run);
