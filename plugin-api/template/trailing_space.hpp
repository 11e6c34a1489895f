// The rule: where lines end in spaces or tabs. Knows nothing of Daydream.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace trailing_space {

struct Blank {
  int line = 0;  // from 1
  std::uint64_t offset = 0, size = 0;
};

// In order. A carriage return before the line feed belongs to the line break and stays.
std::vector<Blank> find(std::string_view text);

}  // namespace trailing_space
