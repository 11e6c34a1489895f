// The night branch over several nights: at most one open; what a human did to it since is read from the
// repository. Its record is a JSON value that the pipeline keeps in the store under "night".
#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/model.hpp"
#include "changes/source_tree.hpp"

namespace daydream::changes {

struct NightCommit {
  std::string id;
  std::string run, step, rule;
  std::vector<std::string> findings;  // lasting ids
  std::vector<std::string> contents;  // content fingerprints of those findings, same order
};
struct Night {
  std::string ref;   // "refs/heads/daydream/2026-11-22"; "" = none open
  std::string base;  // commit it started from
  std::string tip;
  std::vector<NightCommit> commits;  // oldest first
  [[nodiscard]] std::string to_json() const;
  static Result<Night> from_json(std::string_view json);
};

struct Declined {
  std::string finding, content, why;  // why: "branch deleted", "commit dropped"
};
struct Carried {
  Night night;        // of tonight: new ref, base, rebased commits
  std::string start;  // commit the private tree starts from (base + carried)
  std::vector<Declined> declined;
  std::vector<std::string> merged;  // commit ids that reached the base
  std::vector<std::string> notes;   // for the report: kept branches, set aside conflicts
};

// At the start of a run, once: looks at what became of `last`, rebases what is unmerged onto `base` in the
// private tree. Moves no ref of the user's: `finish` does, after the store knows the new night.
Result<Carried> carry(SourceTree& tree, const Night& last, const std::string& base, const std::string& date,
                      Instant run_started);
// Creates tonight's ref (only when it holds commits), then deletes the old one unless it is checked out,
// has an upstream or holds a human's commit. Repeatable. Notes for the report.
Result<std::vector<std::string>> finish(SourceTree& tree, const Night& last, const Night& tonight);
// Moves tonight's ref from `from` ("" = must not exist) to `to`; ok when it is there already; kConflict when
// somebody else moved it.
Result<void> move_ref(SourceTree& tree, const std::string& ref, const std::string& from, const std::string& to);

}  // namespace daydream::changes
