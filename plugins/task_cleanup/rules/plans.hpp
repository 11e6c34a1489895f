// Parts of the rules plan-outdated and task-stale that others share.
#pragma once

#include <string>
#include <vector>

#include "plugins/task_cleanup/rules/rule.hpp"
#include "plugins/task_cleanup/subjects.hpp"

namespace daydream::tasks {

// Was there when the line was written, and is gone since a time at or behind `since`: which commit took it,
// in words; else "". Lines that hold the words `own` do not count ("": all count).
std::string gone_since(History& history, const Name& name, const Commit& written, std::int64_t since,
                       const std::string& own = "");
// Evidence for every name of the aim, or "".
std::string strong_evidence(History& history, const Aim& aim, const Commit& written, const std::string& own);
// Notes the evidence of tonight; true when it has stood unchanged for the grace period.
bool grace_over(const Subject& subject, const Task& task, const std::string& evidence, const Commit& written);

void find_superseded(const Subject& subject, std::vector<Proposal>& out);
void find_plans_without_subject(const Subject& subject, std::vector<Proposal>& out);

}  // namespace daydream::tasks
