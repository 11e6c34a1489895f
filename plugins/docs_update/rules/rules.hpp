// What can be wrong with documentation. Each rule lies in a file of its own, which begins with what it
// promises. False: the run was asked to stop.
#pragma once

#include "plugins/docs_update/survey.hpp"

namespace daydream::docs {

bool check_contents(Survey& survey, Findings& findings);      // outdated-contents
bool check_links(Survey& survey, Findings& findings);         // broken-link, missing-anchor, anchor-case
bool check_labels(Survey& survey, Findings& findings);        // missing-anchor of :ref:
bool check_names(Survey& survey, Findings& findings);         // missing-anchor of name_
bool check_references(Survey& survey, Findings& findings);    // outdated-reference
bool check_flags(Survey& survey, Findings& findings);         // outdated-reference of command-line flags
bool check_routes(Survey& survey, Findings& findings);        // undocumented-endpoint, outdated-reference
bool check_examples(Survey& survey, Findings& findings);      // outdated-example
bool check_blocks(Survey& survey, Findings& findings);        // outdated-example of generated blocks
bool check_deprecations(Survey& survey, Findings& findings);  // undocumented-deprecation

}  // namespace daydream::docs
