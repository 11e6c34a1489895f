// task-suspect, task-stale: strong evidence (E2). The words of an open task name what is to go or to come;
// it was as the task says when the line was written, and is as the task wants it now. Such a task is marked
// `stale?` with the reason, and closed when the mark has stood for its grace period with the evidence
// unchanged. Who takes the mark away, changes the words, adds an owner, a future date or "keep" is heard.
// Age alone says nothing here.
#include <algorithm>

#include "daydream/kit/text.hpp"
#include "plugins/task_cleanup/lists/lists.hpp"
#include "plugins/task_cleanup/rules/plans.hpp"
#include "plugins/task_cleanup/subjects.hpp"

namespace daydream::tasks {
namespace {

constexpr std::string_view kObjected = "-";
constexpr std::size_t kFewestParts = 4;  // of a plan of which most can be done

bool exempt(const Task& task) {
  const Fields& fields = task.fields;
  return kept(task) || fields.owner || fields.milestone || fields.any_future_date || task.state == State::kActive;
}

std::string bare(const Name& name) {
  const std::size_t last = name.text.find_last_of(":.");
  return name.path || last == std::string::npos ? name.text : name.text.substr(last + 1);
}

Presence there(History& history, const std::string& commit, const Name& name, const std::string& own) {
  return name.path ? history.file_at(commit, name.text) : history.word_at(commit, bare(name), false, own);
}

// Was not there when the line was written, and is, with a test that names it.
std::string come_since(History& history, const Name& name, const Commit& written, const std::string& own) {
  if (there(history, written.id, name, own) != Presence::kAbsent) return "";
  if (there(history, history.head(), name, own) != Presence::kPresent) return "";
  std::string word = bare(name);
  if (name.path) {
    word = word.substr(word.rfind('/') + 1);
    word = word.substr(0, word.rfind('.'));
  }
  if (history.word_at(history.head(), word, true, own) != Presence::kPresent) return "";
  // The words that ask for it named it first: what brought it is not to be told from them.
  std::string when = "since";
  if (name.path || own.empty()) {
    const auto commit = name.path ? history.added_by(name.text) : history.changed_by(bare(name), true);
    if (!commit || commit->time < written.time) return "";
    when = "in " + words_of(*commit);
  }
  return "`" + name.text + "` came " + when + " and a test names it";
}

// Every issue it is linked to is closed, its own (which close a task without parts) among them.
std::string issues_closed(const Subject& subject, const Task& task, const Commit& written) {
  std::vector<std::string> issues = task.fields.linked;
  issues.insert(issues.end(), task.fields.ids.begin(), task.fields.ids.end());
  if (issues.empty() || !task.fields.needs.empty() || asks_for_more(task.text)) return "";
  if (!subject.history.closes_any(issues)) return "";
  std::string all;
  for (const std::string& issue : issues) {
    const std::string one = closed_by(subject.history, task.fields, issue, written);
    if (one.empty()) return "";
    all += (all.empty() ? "" : "; ") + one;
  }
  return all;
}

// At least seven in ten of four and more.
bool mostly_done(const List& list, const Task& task) {
  const auto done = static_cast<std::size_t>(std::count_if(task.children.begin(), task.children.end(),
                                                           [&](std::size_t child) { return all_done(list, child); }));
  return task.children.size() >= kFewestParts && done * 10 >= task.children.size() * 7;
}

// A plan needs two: most of it done, and what it is about.
std::string evidence_for(const Subject& subject, const Task& task, const std::optional<Commit>& written) {
  const bool plan = !task.children.empty();
  if (!written || (plan && !mostly_done(subject.list, task))) return "";
  std::string evidence = strong_evidence(subject.history, aim_of(task.text), *written, "");
  if (evidence.empty()) evidence = issues_closed(subject, task, *written);
  return evidence.empty() || !plan ? evidence : evidence + ", and 70 % of the tasks below it or more are done";
}

// Nothing can be known of it: no name, no issue.
bool says_nothing(const Task& task) {
  return aim_of(task.text).empty() && task.fields.linked.empty() && (task.children.empty() || task.fields.ids.empty());
}

Proposal proposal_for(const Task& task, const std::string& evidence) {
  Proposal proposal;
  proposal.certainty = Certainty::kSafe;
  proposal.line = task.line;
  proposal.symbol = task.id;
  proposal.evidence = evidence;
  return proposal;
}

void mark(const Subject& subject, const Task& task, const std::string& evidence, std::vector<Proposal>& out) {
  Proposal proposal = proposal_for(task, evidence);
  proposal.rule = "task-suspect";
  proposal.message = "stale? " + quoted(task) + ": seems done; closed after " +
                     std::to_string(subject.settings.grace_days) + " days unless somebody objects";
  proposal.suggestion = "tick it, or take the mark away to keep it";
  if (task.mark.empty()) {
    proposal.edits = {{{task.mark_at, task.mark_at}, mark_text(subject.list.kind, evidence)}};
  } else {
    proposal.certainty = Certainty::kInfo;
  }
  out.push_back(std::move(proposal));
}

void close(const Subject& subject, const Task& task, const Note& note, std::vector<Proposal>& out) {
  Proposal proposal = proposal_for(task, note.suspect + "; marked since " + date_of(note.marked) + ", through " +
                                             std::to_string(note.runs) + " runs");
  proposal.rule = "task-stale";
  const bool removes = subject.settings.archive && task.children.empty() && removable(subject.list, task);
  proposal.message = "stale: " + quoted(task) + (removes ? "" : ", ticked");
  if (removes) {
    proposal.edits = {{task.lines, ""}};
    proposal.archive = entry_of(subject, task, proposal.evidence);
  } else {
    proposal.edits = ticked(subject, task);
  }
  out.push_back(std::move(proposal));
}

// The mark stands and its reason does not: it is taken away.
void unmark(const Task& task, std::vector<Proposal>& out) {
  Proposal proposal = proposal_for(task, "the evidence no longer holds, or the task is to stay");
  proposal.rule = "task-suspect";
  proposal.message = "no longer stale: " + quoted(task);
  proposal.edits = {{task.mark, ""}};
  out.push_back(std::move(proposal));
}

void look_at(const Subject& subject, const Task& task, std::vector<Proposal>& out) {
  const std::string& path = subject.list.path;
  const Note& old = subject.notes.old(path, task);
  if (old.suspect == kObjected || (old.suspect.empty() && says_nothing(task))) return;
  // Our mark has changed the line since: who wrote it was noted before.
  const auto written = old.written_in.empty() ? written_by(subject, task)
                                              : std::optional<Commit>(Commit{old.written_in, old.written_at, ""});
  const std::string evidence = exempt(task) ? "" : evidence_for(subject, task, written);
  if (evidence.empty()) {
    if (old.suspect.empty()) return;
    // A question git did not answer tonight changes nothing.
    if (!exempt(task) && subject.history.spent()) return;
    Note& note = subject.notes.now(path, task);
    note.suspect.clear();
    if (!task.mark.empty()) unmark(task, out);
    return;
  }
  if (!old.suspect.empty() && task.mark.empty() && subject.edits_last) {
    subject.notes.now(path, task).suspect = kObjected;  // somebody took the mark away
    return;
  }
  const bool over = grace_over(subject, task, evidence, *written);
  over ? close(subject, task, subject.notes.now(path, task), out) : mark(subject, task, evidence, out);
}

}  // namespace

std::string gone_since(History& history, const Name& name, const Commit& written, std::int64_t since,
                       const std::string& own) {
  if (there(history, written.id, name, own) != Presence::kPresent) return "";
  if (there(history, history.head(), name, own) != Presence::kAbsent) return "";
  const auto commit = name.path ? history.deleted_by(name.text) : history.changed_by(bare(name), false);
  if (!commit || commit->time < since) return "";
  return "`" + name.text + "` was removed in " + words_of(*commit);
}

std::string strong_evidence(History& history, const Aim& aim, const Commit& written, const std::string& own) {
  std::string all;
  const auto add = [&](const std::string& one) {
    if (!one.empty()) all += (all.empty() ? "" : ", ") + one;
    return !one.empty();
  };
  for (const Name& name : aim.gone) {
    if (!add(gone_since(history, name, written, written.time, own))) return "";
  }
  for (const Name& name : aim.come) {
    // What replaces something may have been there before.
    const bool replaces = !aim.gone.empty();
    if (replaces) {
      if (there(history, history.head(), name, own) != Presence::kPresent) return "";
    } else if (!add(come_since(history, name, written, own))) {
      return "";
    }
  }
  return text::mask(all);
}

bool grace_over(const Subject& subject, const Task& task, const std::string& evidence, const Commit& written) {
  const Note& old = subject.notes.old(subject.list.path, task);
  Note& note = subject.notes.now(subject.list.path, task);
  note.written_in = written.id;
  note.written_at = written.time;
  const bool same = old.suspect == evidence;
  if (note.counted != subject.run_id) {
    note.runs = same ? old.runs + 1 : 1;
    note.counted = subject.run_id;
  }
  if (!same) {
    note.suspect = evidence;
    note.marked = subject.today;
  }
  return same && subject.today - note.marked >= subject.settings.grace_days && note.runs >= subject.settings.grace_runs;
}

void find_stale(const Subject& subject, std::vector<Proposal>& out) {
  if (subject.settings.mode("task-suspect") == RuleMode::kOff) return;
  for (const Task& task : subject.list.tasks) {
    if (!open(task) || !task.alone) continue;
    const bool closed =
        std::any_of(out.begin(), out.end(), [&](const Proposal& each) { return each.symbol == task.id; });
    if (!closed) look_at(subject, task, out);
  }
}

}  // namespace daydream::tasks
