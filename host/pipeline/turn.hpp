// Whether a step runs when its turn comes: `when` and `every` of the manifest. A step that has begun is never
// asked again, and everything the answer hangs on stays as it is for the whole of a run: a resumed run decides
// as it did.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pipeline/context.hpp"

namespace daydream::pipeline {

struct Turn {
  bool runs = true;
  std::string why;  // it does not, in words
};

// What is remembered of the last night in which the step completed; empty when there was none.
struct LastTurn {
  std::string date;  // local, of the run
  std::string base;  // the user's commit it started from
};

// Pure. The local calendar day, week (by its Monday) or month of a date, for comparing.
std::string period_of(manifest::Every every, std::string_view date);
Turn turn_by_calendar(manifest::Every every, const LastTurn& last, const std::string& date);
// `before`: the rows of the steps that stand before it.
Turn turn_by_outcome(manifest::When::Kind when, const std::vector<checkpoint::Step>& before);
// `changed`: names between the two commits.
Turn turn_by_changes(const std::vector<std::string>& globs, const std::vector<std::string>& changed,
                     const LastTurn& last);

// Also where a step before it has stopped the run.
inline bool runs_after_a_stop(const manifest::When& when) {
  return when.kind == manifest::When::Kind::kAlways || when.kind == manifest::When::Kind::kFailure;
}

// Of a step that --only names: it runs whatever the manifest says.
Result<Turn> take_turn(Context& context, const checkpoint::Run& run, const manifest::Step& step,
                       const std::vector<checkpoint::Step>& before);
// The step does not run: committed as skipped, with the reason, and told.
Result<void> pass(Context& context, checkpoint::Step& step, const std::string& why, int total_steps);
// What take_turn() of later nights goes by, in the transaction that completes the run.
void remember_turn(checkpoint::Transaction& transaction, const checkpoint::Run& run, const std::string& step,
                   const std::string& base);

}  // namespace daydream::pipeline
