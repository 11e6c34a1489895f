// `parameters`: what differs from machine to machine, by name, from the environment or else a default.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "manifest/problems.hpp"
#include "manifest/tree.hpp"

namespace daydream::manifest {

// "${name}" in a text of the merged manifest becomes the parameter's value; a text that is nothing else takes
// the type of the default. "$${name}" is the text "${name}". Names are lower-case, so that "${TOKEN}" of a
// secret or of a shell is left as it is. Nothing is filled in below `secrets` and `parameters`.
// A variable, or its value, that looks like a secret is a problem: those go through `secrets` alone.
void fill_parameters(Node& root, Problems& problems);

// A text as a manifest has to write it so that filling gives it back: "${name}" becomes "$${name}".
std::string unfilled(std::string_view text);

// Names of the parameters that stand in texts at or below `node`.
std::vector<std::string> parameters_in(const Node& node);
// Of a variable that an untrusted manifest may read: Daydream's own.
bool is_open_variable(std::string_view name);

}  // namespace daydream::manifest
