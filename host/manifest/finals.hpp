// `final`: keys that an administrator's file keeps from being touched by whoever builds upon it.
#pragma once

#include <vector>

#include "manifest/problems.hpp"
#include "manifest/read.hpp"
#include "manifest/tree.hpp"

namespace daydream::manifest {

// Only the file that says `final` and what it extends may say anything of such a key, wherever in the order
// the others come: one that comes before it could fill what it leaves open. `tree.root` is merged; the keys
// are kept in tree.finals. Each breach names both places.
void check_finals(const std::vector<Layer>& layers, Tree& tree, Problems& problems);

}  // namespace daydream::manifest
