// The merged tree -> Pipeline, with the checks a schema cannot make.
#pragma once

#include <string>
#include <vector>

#include "manifest/pipeline.hpp"
#include "manifest/problems.hpp"
#include "manifest/tree.hpp"

namespace daydream::manifest {

// Meaningful only when `problems` stays empty.
Pipeline build(const Tree& tree, Problems& problems);
// Every value of the tree with its place, and the program's defaults (line 0).
std::vector<Origin> origins_of(const Tree& tree, const Pipeline& pipeline);
// The keys that a manifest found inside `repository` must be trusted for (DESIGN section 10).
std::vector<std::string> trust_keys(const Tree& tree, const Pipeline& pipeline, const Path& repository);

}  // namespace daydream::manifest
