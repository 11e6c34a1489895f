// "needs" of a descriptor: what the manifest must give. Format: plugin-api/guides/descriptor.md.
#pragma once

#include <string>

#include "daydream/kit/json.hpp"
#include "loader/descriptor.hpp"

namespace daydream::loader {

// REQUIRES: the shape is checked. Errors name the place in the descriptor.
Result<Needs> read_needs(const json::Text& descriptor);
// For people: "sentry.io", "what option \"url\" names, where \"organization\" is set".
std::string describe(const Need& need);

}  // namespace daydream::loader
