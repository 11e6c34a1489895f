// Ends the process while it is loaded.
#include <cstdlib>

#include "plugin.hpp"

namespace {

struct AtLoad {
  AtLoad() { std::exit(5); }
} at_load;

}  // namespace

PLUGIN("constructor_exits", do_nothing);
