// One file of a manifest laid over those before it: objects member by member, `steps` by id, lists changed by
// {"append": [...], "remove": [...]}, all else replaced. Later wins.
#pragma once

#include "manifest/problems.hpp"
#include "manifest/tree.hpp"

namespace daydream::manifest {

// A new step comes to stand behind the one before it in the list that names it, else before the first
// known one that follows it there, else at the end. What a list operation cannot do is a problem.
void merge(Node& into, Node&& from, Problems& problems);

// An operation upon no list at all makes one of what it appends; upon the list that a step's plugin has by
// default it waits (inside `config`) for who knows the plugin.
void settle_operations(Node& root, Problems& problems);

}  // namespace daydream::manifest
