// How text is taken out of a file so that it stays a program: whole statements with their lines, names
// out of lists, and the last word on what all findings of a file do to it together.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/legacy_cleanup/rules/rule.hpp"

namespace daydream::legacy {

// Takes out a simple statement of Python: with its line or its ';' where it has company. Alone in its
// block it becomes `pass`. REQUIRES: `statement` is a child of a block or module of the subject's tree.
Edit without_statement(const Subject& subject, source::NodeId statement);

// Takes out the statements from `first` to `last`, siblings that each have their lines to themselves;
// nullopt when they have not.
std::optional<Edit> without_lines(const Subject& subject, source::NodeId first, source::NodeId last);

// Takes items out of a list with commas: `items` are the begin and end of each, in order, `gone` says
// which go. REQUIRES: at least one stays. `comments` is set where a comment would go with them.
std::vector<Edit> without_items(std::string_view content,
                                const std::vector<std::pair<std::uint32_t, std::uint32_t>>& items,
                                const std::vector<bool>& gone, bool& comments);

// The text with the edits applied. REQUIRES: ascending, disjoint.
std::string applied(std::string_view content, const std::vector<Edit>& edits);

// Settles what the findings of one file do together: of overlapping edits the earlier finding's stay,
// a block that would lose every statement keeps a `pass`, and findings whose edits leave a text that
// does not parse lose them and become info.
void settle(const Subject& subject, std::vector<Finding>& findings);

}  // namespace daydream::legacy
