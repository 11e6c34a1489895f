// What of a damaged store is whole still, and how it becomes the store again.
#pragma once

#include <string>

#include "checkpoint/checks.hpp"
#include "checkpoint/opening.hpp"

namespace daydream::checkpoint {

struct Whole {
  ChainState chain;
  std::string name;  // of the store: "store" of the table meta
};

// Structure, chain, content and every row, without regard to an anchor.
Result<Whole> check_whole(Database& database);

struct Salvage {
  enum class Source {
    kNothing,  // only an empty store can be started
    kStore,    // the store as it lies is whole; its anchor is not, or names later commits that are gone
    kCopy,     // the copy of the last run's end
  };
  Source source = Source::kNothing;
  Whole whole;
  std::string words;  // for people: what would be kept, or why nothing can be
};
// The newest that is whole and this store's. Changes nothing.
Salvage find_salvage(const Path& state_directory);

constexpr const char* kAcceptLostMemory =
    "`daydream doctor --accept-lost-memory` starts an empty store; what earlier nights remembered is lost";

}  // namespace daydream::checkpoint
