// Which runs a call makes: DESIGN section 4, "Run identity". Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checkpoint/store.hpp"

namespace daydream::pipeline {

struct IdentityQuestion {
  std::vector<checkpoint::Run> runs;  // all of the store
  std::string today;                  // local date of now
  bool by_hand = true;                // false: --if-due
  std::optional<std::string> due;     // the date that is due, when not by hand
  bool partial = false;               // --only, --from
  bool fresh = false;
};

struct NewRun {
  std::string id, date;
  bool full = true;
};

struct IdentityAnswer {
  std::vector<std::string> finish;   // unfinished runs to go on with first, oldest first
  std::vector<std::string> abandon;  // unfinished runs to mark abandoned (their effects are finished)
  std::optional<NewRun> start;       // then this one
};

IdentityAnswer identify(const IdentityQuestion& question);

bool is_unfinished(const checkpoint::Run& run);

}  // namespace daydream::pipeline
