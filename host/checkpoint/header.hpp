// What no check of SQLite's looks at: whether the first page lets it write.
#pragma once

#include "base/model.hpp"
#include "daydream/kit/result.hpp"

namespace daydream::checkpoint {

// kDamaged where the newest first page, of the database or of the log beside it, forbids to write. A file that cannot
// be read, or is too short, passes: SQLite has better words for that. Opens nothing of SQLite's.
Result<void> check_header(const Path& database);

}  // namespace daydream::checkpoint
