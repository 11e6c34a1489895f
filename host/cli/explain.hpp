// `daydream config --explain`: where each value in force comes from.
#pragma once

#include <vector>

#include "manifest/pipeline.hpp"
#include "pipeline/prepare.hpp"

namespace daydream::cli {

// The origins of `loaded`, and behind those of each step the options that no file gives, as its plugin has them by
// default. REQUIRES: `steps` were prepared from `loaded`, or none.
std::vector<manifest::Origin> with_plugin_defaults(const manifest::Loaded& loaded,
                                                   const std::vector<pipeline::PreparedStep>& steps);
// One line each, as `config --explain` prints them.
std::string explained(const std::vector<manifest::Origin>& origins);

}  // namespace daydream::cli
