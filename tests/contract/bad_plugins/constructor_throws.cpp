// Throws while it is loaded.
#include <stdexcept>

#include "plugin.hpp"

namespace {

struct AtLoad {
  AtLoad() { throw std::runtime_error("not today"); }
} at_load;

}  // namespace

PLUGIN("constructor_throws", do_nothing);
