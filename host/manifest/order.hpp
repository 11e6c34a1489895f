// `before` and `after` of steps: where one stands among the others, whichever file says so.
#pragma once

#include "manifest/problems.hpp"
#include "manifest/tree.hpp"

namespace daydream::manifest {

// Steps without an anchor keep their order; each other one stands directly behind the last of those that its
// `after` names, else directly before the first of `before`. Unknown anchors, orders that contradict each
// other and circles of them are problems.
void put_in_order(Node& root, Problems& problems);

}  // namespace daydream::manifest
