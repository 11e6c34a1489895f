// After a failed sync the kernel may hold pages as clean that never reached the disk: whoever reads them next
// believes in what a power cut would take away. A run that ends with an error of the disk leaves a note; the next
// start first makes the kernel forget what it holds of the state directory, and reads what the disk has.
#pragma once

#include <string>

#include "base/model.hpp"

namespace daydream::checkpoint {

// Leaves the note. As good as it can be done: a disk that takes no file at all is read anew after a restart anyway.
void doubt_the_cache(const Path& state_directory, const std::string& words);
// Where there is a note: pages of all files below are dropped, the note removed, and its words returned; else "".
// REQUIRES: the run lock, and that nobody has the store open.
std::string read_again_from_disk(const Path& state_directory);

}  // namespace daydream::checkpoint
