// task-priority: a list that carries priorities gets the one that the terms ask for, a byte of the task; of
// other lists a change since last night is said. task-order: the most urgent tasks of such a list.
// The priority a human gave is the ground on which the other terms stand: what we wrote is never taken for it.
#include <algorithm>

#include "daydream/kit/text.hpp"
#include "plugins/task_cleanup/rules/rule.hpp"
#include "plugins/task_cleanup/subjects.hpp"

namespace daydream::tasks {
namespace {

constexpr std::size_t kShown = 5;

struct Ranked {
  const Task* task = nullptr;
  Score score;
};

std::vector<Ranked> ranked(const Subject& subject) {
  std::vector<Ranked> all;
  const List& list = subject.list;
  const bool any = std::any_of(list.tasks.begin(), list.tasks.end(), [](const Task& task) { return open(task); });
  if (!any) return all;
  // Git is asked for recent commits only where a task names a file.
  const bool names_files = std::any_of(list.tasks.begin(), list.tasks.end(), [](const Task& task) {
    const auto names = names_in(task.text);
    return open(task) && std::any_of(names.begin(), names.end(), [](const Name& name) { return name.path; });
  });
  Surroundings around;
  around.today = subject.today;
  if (names_files) around.heat = &subject.history.heat(subject.today * 86400);
  around.severities = subject.severities;
  read_ids(list, around);
  for (const Task& task : list.tasks) {
    if (!open(task) || kept(task)) continue;
    std::optional<std::int64_t> day;
    if (!task.fields.created) {
      if (const auto commit = written_by(subject, task)) day = commit->time / 86400;
    }
    all.push_back({&task, score_of(task, day, around)});
  }
  return all;
}

// P0 is kept for what people call so.
int highest_of(const List& list, Scale scale) {
  if (scale != Scale::kNumber) return 0;
  const bool zero = std::any_of(list.tasks.begin(), list.tasks.end(), [](const Task& task) {
    return task.priority.scale == Scale::kNumber && task.priority.level == 0;
  });
  return zero ? 0 : 1;
}

void write_level(const Subject& subject, const Ranked& one, std::vector<Proposal>& out) {
  const Task& task = *one.task;
  const Scale scale = task.priority.scale;
  Note& note = subject.notes.now(subject.list.path, task);
  const bool ours = note.written >= 0 && note.written == task.priority.level;
  if (!ours) {
    note.given = task.priority.level;
    note.written = -1;
  }
  const int wanted = wanted_level(scale, note.given, one.score, highest_of(subject.list, scale));
  if (wanted == task.priority.level) return;
  Proposal proposal;
  proposal.rule = "task-priority";
  proposal.certainty = Certainty::kSafe;
  proposal.line = task.line;
  proposal.symbol = task.id;
  proposal.message = "priority " + level_name(scale, task.priority.level) + " becomes " + level_name(scale, wanted) +
                     ": " + quoted(task);
  proposal.evidence =
      one.score.words() + "; given " + level_name(scale, note.given) + ", one step for each 8 points beside prio";
  proposal.edits = {{task.priority.at, level_text(scale, wanted)}};
  note.written = wanted == note.given ? -1 : wanted;
  out.push_back(std::move(proposal));
}

void say_change(const Subject& subject, const Ranked& one, std::vector<Proposal>& out) {
  const Task& task = *one.task;
  const int before = subject.notes.old(subject.list.path, task).band;
  const Band band = band_of(one.score);
  subject.notes.now(subject.list.path, task).band = static_cast<int>(band);
  if (before < 0 || before == static_cast<int>(band)) return;
  Proposal proposal;
  proposal.rule = "task-priority";
  proposal.line = task.line;
  proposal.symbol = task.id;
  proposal.message =
      std::string("priority ") + name_of(static_cast<Band>(before)) + " becomes " + name_of(band) + ": " + quoted(task);
  proposal.evidence = one.score.words();
  out.push_back(std::move(proposal));
}

void say_order(std::vector<Ranked> all, std::vector<Proposal>& out) {
  std::sort(all.begin(), all.end(), [](const Ranked& left, const Ranked& right) {
    return left.score.total != right.score.total ? left.score.total > right.score.total
                                                 : left.task->id < right.task->id;
  });
  // All of one age, and nothing else to tell them apart: no order.
  const bool telling = std::any_of(all.begin(), all.end(), [&](const Ranked& one) {
    return one.score.total != all.front().score.total ||
           std::any_of(one.score.terms.begin(), one.score.terms.end(),
                       [](const Term& term) { return std::string_view(term.name) != "age"; });
  });
  if (!telling) return;
  Proposal proposal;
  proposal.rule = "task-order";
  proposal.context = "order";
  std::size_t shown = 0;
  for (const Ranked& one : all) {
    if (shown == kShown || one.score.total <= 0) break;
    proposal.evidence +=
        (shown == 0 ? "" : "; ") + std::string("line ") + std::to_string(one.task->line) + ": " + one.score.words();
    proposal.message += (shown == 0 ? "most urgent: " : ", ") + quoted(*one.task);
    ++shown;
  }
  if (shown > 0) out.push_back(std::move(proposal));
}

}  // namespace

void find_priorities(const Subject& subject, std::vector<Proposal>& out) {
  std::vector<Ranked> all = ranked(subject);
  bool carries = false;
  const std::size_t closed = out.size();
  for (const Ranked& one : all) {
    const bool carried = one.task->priority.scale != Scale::kNone;
    carries = carries || carried;
    const bool gone =
        std::any_of(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(closed),
                    [&](const Proposal& each) { return each.symbol == one.task->id && each.rule != "task-suspect"; });
    if (gone) continue;
    carried ? write_level(subject, one, out) : say_change(subject, one, out);
  }
  if (!carries) say_order(std::move(all), out);
}

}  // namespace daydream::tasks
