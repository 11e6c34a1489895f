// `daydream <word> ...` where <word> is a command that an installed plugin, or one of the manifest, adds
// by its descriptor.
#pragma once

#include <string>
#include <vector>

#include "loader/descriptor.hpp"

namespace daydream::cli {

// `unknown` is called with the commands there are when no plugin has this one.
int run_plugin_command(const std::string& word, const std::vector<std::string>& words,
                       int (*unknown)(const std::string& word, const std::vector<std::string>& known));

}  // namespace daydream::cli
