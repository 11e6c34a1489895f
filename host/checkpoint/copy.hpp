// A whole store as one checked file.
#pragma once

#include <string>

#include "checkpoint/checks.hpp"
#include "checkpoint/database.hpp"

namespace daydream::checkpoint {

// `target`: replaced by a synced, whole copy of `source`, every row of it checked; a reader needs no log
// beside it.
Result<ChainState> copy_database(Database& source, const Path& target);
// Opens, checks every row and the chain. kNotFound when there is none.
Result<ChainState> check_copy(const Path& copy);
// The generation of a copy, without checking more; -1 when it cannot be told.
std::int64_t generation_of_copy(const Path& copy);

}  // namespace daydream::checkpoint
