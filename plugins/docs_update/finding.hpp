// What a rule says of a page, before it is put into a transaction.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "daydream/sdk/finding.hpp"

namespace daydream::docs {

struct Edit {
  std::uint32_t begin = 0, end = 0;
  std::string replacement;
};

struct Finding {
  std::string rule;
  sdk::Severity severity = sdk::Severity::kWarning;
  sdk::Safety safety = sdk::Safety::kInfo;
  std::uint32_t line = 0, column = 0;
  std::uint32_t end_line = 0;  // 0: the same
  std::string symbol, context, message, evidence, suggestion;
  std::vector<Edit> edits;  // ascending, disjoint
};

// By path, so that a run that is resumed knows what it has said.
using Findings = std::map<std::string, std::vector<Finding>>;

}  // namespace daydream::docs
