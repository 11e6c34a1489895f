// The statement of the source tree that a pattern comes from, by its constant words.
#pragma once

#include <daydream/sdk.hpp>
#include <string>
#include <vector>

namespace daydream::logs {

struct Statement {
  std::string path;  // "" = not found
  int line = 0;
  std::size_t others = 0;  // equally good places
};

// One for each template. Reads source files up to a bound; REQUIRES few templates.
Result<std::vector<Statement>> find_statements(const sdk::Run& run, const std::vector<std::string>& templates);

}  // namespace daydream::logs
