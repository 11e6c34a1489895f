// The descriptor of a step by the host's rules (guides/descriptor.md; tests/contract/conformance sees that
// both say the same).
#pragma once

#include <string>
#include <vector>

#include "daydream/kit/json.hpp"
#include "daydream/kit/result.hpp"

namespace daydream::conformance {

struct StepDescriptor {
  std::string id, version;
  std::vector<std::string> commands, services;
  std::string undescribed;  // the first option without a description, or ""
  std::string schema_json;  // of the options
  json::Schema schema;
  json::Text defaults;  // the configuration {} with the schema's defaults
};

// kInvalid: what the host would refuse, with line and column in the descriptor.
Result<StepDescriptor> read_descriptor(const char* descriptor);
Result<StepDescriptor> parse_descriptor(std::string_view descriptor);

}  // namespace daydream::conformance
