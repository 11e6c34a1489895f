// From shapes to groups: which words that differ are values, and which make another message. Decided over
// all shapes at once, so the order of lines and the cutting of files change nothing.
#pragma once

#include <cstdint>
#include <vector>

#include "plugins/log_review/grouping/shapes.hpp"

namespace daydream::logs {

struct Grouping {
  std::vector<std::uint32_t> group_of;  // of each shape
  std::vector<Shape> templates;         // of each group: words that differ are Words::kValue
};

// The same for any order of `shapes` but for the numbering, which follows their order.
Grouping group(const std::vector<Shape>& shapes, const Words& words);

}  // namespace daydream::logs
