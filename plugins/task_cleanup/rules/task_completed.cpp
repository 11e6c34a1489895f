// task-completed: certain evidence (E1). A ticked task with all that is nested in it goes to the archive;
// an open one is ticked when a commit names it as closed, after its line was written, and was not reverted.
// Done children of an open parent stay: a plan reads as a whole. What people keep or use again stays too.
#include "plugins/task_cleanup/rules/rule.hpp"

namespace daydream::tasks {
namespace {

void archive_done(const Subject& subject, const Task& task, std::vector<Proposal>& out) {
  if (!subject.settings.archive || !removable(subject.list, task)) return;
  const std::string evidence = subject.history.ticked_by(subject.list, task);
  // Counted once: on the night it was closed.
  const bool ours = subject.notes.closed_earlier(subject.list.path, task);
  Proposal proposal;
  proposal.rule = ours ? "task-archived" : "task-completed";
  proposal.certainty = Certainty::kSafe;
  proposal.line = task.line;
  proposal.symbol = task.id;
  proposal.message = "done: " + quoted(task) + ", archived (daydream tasks restore " + task.id + ")";
  proposal.evidence = ours ? subject.notes.evidence_of(subject.list.path, task) + "; " + evidence : evidence;
  proposal.edits = {{task.lines, ""}};
  proposal.archive = entry_of(subject, task, proposal.evidence);
  out.push_back(std::move(proposal));
}

}  // namespace

void find_completed(const Subject& subject, std::vector<Proposal>& out) {
  const List& list = subject.list;
  for (std::size_t index = 0; index < list.tasks.size(); ++index) {
    const Task& task = list.tasks[index];
    if (kept(task)) continue;
    if (task.state == State::kDone && task.parent == kNoTask && all_done(list, index)) archive_done(subject, task, out);
  }
}

}  // namespace daydream::tasks
