// task-completed: certain evidence (E1). A ticked task with all that is nested in it goes to the archive;
// an open one is ticked when a commit names it as closed, after its line was written, and was not reverted.
// Done children of an open parent stay: a plan reads as a whole. What people keep or use again stays too.
#include "plugins/task_cleanup/rules/rule.hpp"

namespace daydream::tasks {
namespace {

std::string ticked_words(const Subject& subject, const Task& task) {
  std::string words = subject.list.kind == Kind::kTodoTxt
                          ? "line " + std::to_string(task.line) + " says it is done (x)"
                          : "the box in line " + std::to_string(task.line) + " is ticked";
  if (const auto commit = written_by(subject, task)) words += "; last written in " + words_of(*commit);
  return words;
}

void close_by_commit(const Subject& subject, const Task& task, std::vector<Proposal>& out) {
  if (!subject.history.closes_any(task.fields.ids)) return;
  const auto written = written_by(subject, task);
  if (!written) return;
  const std::string evidence = closing_evidence(subject.history, task.fields, task.text, *written);
  if (evidence.empty()) return;
  Proposal proposal;
  proposal.rule = "task-completed";
  proposal.certainty = Certainty::kSafe;
  proposal.line = task.line;
  proposal.symbol = task.id;
  proposal.message = "closed by a commit: " + quoted(task) + ", ticked";
  proposal.evidence = evidence;
  proposal.edits = ticked(subject, task);
  // Counted tonight; the archive takes it another night.
  subject.notes.now(subject.list.path, task).closed_by = evidence;
  out.push_back(std::move(proposal));
}

void archive_done(const Subject& subject, const Task& task, std::vector<Proposal>& out) {
  const std::string evidence = ticked_words(subject, task);
  // Counted once: on the night it was closed.
  const bool ours = subject.notes.closed_earlier(subject.list.path, task);
  Proposal proposal;
  proposal.rule = ours ? "task-archived" : "task-completed";
  proposal.certainty = Certainty::kSafe;
  proposal.line = task.line;
  proposal.symbol = task.id;
  proposal.message = "done: " + quoted(task);
  proposal.evidence = ours ? subject.notes.evidence_of(subject.list.path, task) + "; " + evidence : evidence;
  // Offered on an earlier night and still here: a human has declined it, or brought it back. It must not
  // take part in tonight's change of the others. (A done task is no suspect: the field holds the offer.)
  const std::string& offer = subject.notes.old(subject.list.path, task).suspect;
  if (subject.edits_last && offer.starts_with("offered ") && offer != "offered " + subject.run_id) {
    proposal.certainty = Certainty::kInfo;
    proposal.message += "; it was offered to the archive before, and stays";
    out.push_back(std::move(proposal));
    return;
  }
  proposal.edits = {{task.lines, ""}};
  proposal.archive = entry_of(subject, task, proposal.evidence);
  out.push_back(std::move(proposal));
}

}  // namespace

void find_completed(const Subject& subject, std::vector<Proposal>& out) {
  const List& list = subject.list;
  // More than a night makes would wait anyway.
  const auto most = static_cast<std::size_t>(subject.settings.most_changes);
  std::vector<const Task*> done;
  for (std::size_t index = 0; index < list.tasks.size() && out.size() < most; ++index) {
    const Task& task = list.tasks[index];
    if (kept(task)) continue;
    const bool leaves = task.state == State::kDone && !task.nested && task.alone && done.size() < most;
    if (leaves && subject.settings.archive && all_done(list, index)) done.push_back(&task);
    if (open(task) && task.children.empty()) close_by_commit(subject, task, out);
  }
  const bool together = removable_together(list, done);
  for (const Task* task : done) {
    if (together || removable(list, *task)) archive_done(subject, *task, out);
  }
}

}  // namespace daydream::tasks
