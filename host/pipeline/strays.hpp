// What a killed run leaves behind of files::write_replace: temporary files that nothing names any more.
#pragma once

#include <vector>

#include "base/model.hpp"

namespace daydream::pipeline {

// Removes ".<name>.daydream-XXXXXX" in the state directory (and its folders) and in the work directory (not
// in its private tree and not in the folders of its repositories: they are git's). What cannot be looked at or removed
// stays: it is in nobody's way. REQUIRES: the run lock is held, so none of them is being written.
void remove_strays(const Path& state_directory, const Path& work_directory);
// Those that it would remove. Changes nothing, needs no lock.
std::vector<Path> find_strays(const Path& state_directory, const Path& work_directory);

}  // namespace daydream::pipeline
