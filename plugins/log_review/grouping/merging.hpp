// The second look: groups whose templates differ in one piece between spaces, where the pieces are built
// differently ("10.1.2.3" and "LOCAL(0)", "ws=null," and "ws=WorkSource{12},") and so lay in two buckets.
#pragma once

#include "plugins/log_review/grouping/miner.hpp"

namespace daydream::logs {

void merge_by_pieces(Grouping& grouping, const Words& words);

}  // namespace daydream::logs
