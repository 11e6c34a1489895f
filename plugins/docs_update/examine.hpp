// All rules over a survey, and what they say put in order: the options applied, one summary for each page
// that is edited.
#pragma once

#include "plugins/docs_update/survey.hpp"

namespace daydream::docs {

// False where the run was asked to stop.
bool examine(Survey& survey, Findings& findings);

}  // namespace daydream::docs
