// What a batch of changes has written is on the disk before the store says that it is done.
#pragma once

#include <vector>

#include "base/model.hpp"
#include "daydream/kit/result.hpp"

namespace daydream::changes {

// Bytes and names of all files on the file systems of these folders: one syncfs for each. git syncs the bytes of
// objects and refs, never their names. A folder that is not there is passed over; a failure is never tried again.
Result<void> sync_file_systems(const std::vector<Path>& folders);

}  // namespace daydream::changes
