// plan-outdated: an open task whose nested tasks are all done is done itself.
#include <algorithm>

#include "plugins/task_cleanup/rules/plans.hpp"

namespace daydream::tasks {
namespace {

// "..., etc.", "and more": the children are not all there is to it.
bool open_ended(const Task& task) {
  std::string_view words = task.text;
  while (!words.empty() && (words.back() == ')' || words.back() == ':' || words.back() == ' ')) words.remove_suffix(1);
  for (const std::string_view end : {"...", "…", "etc", "etc.", "and more", "incomplete", "tbd", "TBD", "ongoing"}) {
    if (words.ends_with(end)) return true;
  }
  return false;
}

}  // namespace

void find_outdated_plans(const Subject& subject, std::vector<Proposal>& out) {
  const List& list = subject.list;
  if (list.kind != Kind::kMarkdown) return;
  find_superseded(subject, out);
  if (out.empty() || out.back().rule != "plan-outdated") find_plans_without_subject(subject, out);
  for (const Task& task : list.tasks) {
    if (task.children.empty() || !open(task) || kept(task) || task.mixed || open_ended(task)) continue;
    const bool done = std::all_of(task.children.begin(), task.children.end(),
                                  [&](std::size_t child) { return all_done(list, child); });
    if (!done) continue;
    Proposal proposal;
    proposal.rule = "plan-outdated";
    proposal.certainty = Certainty::kSafe;
    proposal.line = task.line;
    proposal.symbol = task.id;
    const std::string count = std::to_string(task.children.size());
    proposal.message = "every task below " + quoted(task) + " is done: ticked";
    proposal.evidence = task.children.size() == 1
                            ? "its one child is done: line " + std::to_string(list.tasks[task.children[0]].line)
                            : "all " + count + " children are done: lines " +
                                  std::to_string(list.tasks[task.children.front()].line) + " to " +
                                  std::to_string(list.tasks[task.children.back()].line);
    proposal.edits = ticked(subject, task);
    out.push_back(std::move(proposal));
  }
}

}  // namespace daydream::tasks
