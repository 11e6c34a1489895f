// What an open Store holds.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checkpoint/opening.hpp"
#include "checkpoint/store.hpp"

namespace daydream::checkpoint {

struct Store::State {
  Options options;
  Opened opened;
  bool unsynced = false;  // lazy commits lie in the log without a sync
  std::optional<Error> broken;

  // Anything that fails while writing makes the object refuse all further use.
  Error fail(Error error) {
    // Closing would move the log into the database: a second sync of what a first one failed for.
    sqlite3_db_config(opened.database.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    Error worded = with_remedy(std::move(error), options.state_directory);
    broken = worded;
    return worded;
  }
};

}  // namespace daydream::checkpoint
