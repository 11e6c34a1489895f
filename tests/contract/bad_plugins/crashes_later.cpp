// A thread started at load crashes a little later: while the next one is looked at.
#include <csignal>
#include <thread>

#include "plugin.hpp"

namespace {

struct AtLoad {
  AtLoad() {
    std::thread([] { std::raise(SIGABRT); }).detach();
  }
} at_load;

}  // namespace

PLUGIN("crashes_later", do_nothing);
