// Parts of the rule plan-outdated, and what it shares with task-stale.
#pragma once

#include <string>
#include <vector>

#include "plugins/task_cleanup/rules/rule.hpp"
#include "plugins/task_cleanup/subjects.hpp"

namespace daydream::tasks {

// Was there when the line was written, and is gone since a time at or behind `since`: which commit took it,
// in words; else "".
std::string gone_since(History& history, const Name& name, const Commit& written, std::int64_t since);

void find_superseded(const Subject& subject, std::vector<Proposal>& out);
void find_plans_without_subject(const Subject& subject, std::vector<Proposal>& out);

}  // namespace daydream::tasks
