// Prints what could be taken for an answer while it is loaded.
#include <cstdio>

#include "plugin.hpp"

namespace {

struct AtLoad {
  AtLoad() {
    std::puts("{\"descriptor\": \"from the constructor\"}");
    std::fflush(stdout);
  }
} at_load;

}  // namespace

PLUGIN("constructor_prints", do_nothing);
