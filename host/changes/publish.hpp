// How the verified result of a step leaves the private tree: night branch, patch files or the work tree.
// Everything here may be killed at any point and called again with the same input: same result.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/model.hpp"
#include "changes/draft.hpp"
#include "changes/source_tree.hpp"

namespace daydream::changes {

struct PublishOptions {
  Mode mode = Mode::kBranch;
  std::string run_id, date;  // branch daydream/<date>
  int step_number = 0;
  std::string step_id;
  Instant run_started;
  Path state_directory;               // patches/<run>/...
  std::string verify_words = "none";  // of the trailer Daydream-Verified
  std::string ref;                    // tonight's (Night::ref); "" = refs/heads/daydream/<date>
  std::string expected_ref;           // what the night branch points at now; "" = it does not exist
};

struct Published {
  std::string tip;                                 // commit the next step starts from
  std::map<FindingNumber, std::string> commits;    // finding -> commit (branch mode)
  std::map<std::string, std::string> rules;        // commit -> its rule
  std::map<FindingNumber, std::string> conflicts;  // finding -> words (in-place: changed by a human)
  std::vector<std::string> notes;                  // for the report
  std::string ref;  // the night branch from now on; another where a human has ours checked out
};

// `apply`: findings whose changes are to leave (safe, not declined, not rejected); `review`: those whose
// changes become patches for a person, `patches/<run>/review-NN-<step>.patch`. One commit per rule,
// in order of rule name; the subject says what is now true. The private tree ends at `tip`.
Result<Published> publish(SourceTree& tree, const Draft& draft, const std::map<FindingNumber, Finding>& findings,
                          const std::set<FindingNumber>& apply, const std::set<FindingNumber>& review,
                          const PublishOptions& options);

}  // namespace daydream::changes
