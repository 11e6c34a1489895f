// What several steps say of the same code: a pattern in the logs, an error in Sentry and a TODO at the same lines
// have one cause.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "report/view.hpp"

namespace daydream::report {

struct Cause {
  std::vector<std::pair<std::string, const Finding*>> parts;  // step, finding; the most severe first
  std::size_t steps = 0;                                      // how many
};

// Found, no change of ours mends it, and it is more than a note.
bool needs_a_person(const Finding& finding);
// Where a finding is, as code for every format; what it says where it is in no file.
std::string place_of(const Finding& finding);
// Each finding is in one cause at most; a cause has findings of two steps or more, one of which needs a person.
std::vector<Cause> shared_causes(const View& view);

}  // namespace daydream::report
