// One buffered change of a Transaction.
#pragma once

#include "checkpoint/row.hpp"
#include "checkpoint/store.hpp"

namespace daydream::checkpoint {

struct Transaction::Operation {
  enum class Kind {
    kPut,         // insert or replace `row` of `table`
    kDrop,        // the row of `table` whose keys are `row`
    kEffect,      // `effect` of row[0] (run) and row[1] (step); its sequence is set by commit
    kSetEffect,   // `row` of effect_state, whose sequence must exist
    kForgetStep,  // row[0] (run), row[1] (step)
    kForgetRun,   // row[0] (run)
  };
  Kind kind = Kind::kPut;
  const Table* table = nullptr;
  Row row;
  Effect effect;
};

}  // namespace daydream::checkpoint
