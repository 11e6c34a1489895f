// Linked folders that lead back to the user's work tree.
#pragma once

#include <string>
#include <vector>

#include "base/model.hpp"

namespace daydream::changes {

// Entries of the linked folder `link` of the work tree `live` through which tests in the private tree would see the
// user's files instead of the changed ones: Python's editable installs, packages that node_modules links to.
// Paths inside `live`, at most ten. Only looks; what cannot be read is passed over.
std::vector<std::string> editable_installs(const Path& live, const std::string& link);

}  // namespace daydream::changes
