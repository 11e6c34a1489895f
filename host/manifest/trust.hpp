// What the rest of this room asks of trust.
#pragma once

#include <string>
#include <vector>

#include "manifest/load.hpp"

namespace daydream::manifest {

// Was a manifest whose files in the repository have this hash trusted? Only then are files outside it that it
// extends opened.
bool is_inner_trusted(const std::string& inner_hash, const Path& repository);
// kInvalid: `what` lies in the repository, and `keys` need trust.
Error needs_trust(const std::string& what, bool changed, const std::vector<std::string>& keys, const Path& repository);

}  // namespace daydream::manifest
