#include <algorithm>

#include "daydream/kit/text.hpp"
#include "plugins/task_cleanup/fields.hpp"
#include "plugins/task_cleanup/lists/lists.hpp"
#include "plugins/task_cleanup/rules/rule.hpp"

namespace daydream::tasks {
namespace {

constexpr std::size_t kQuoteBytes = 120;

// Headings of lists that are used again and again, or that explain the others.
bool used_again(const std::string& heading) {
  const std::string lower = text::to_lower_ascii(heading);
  static constexpr std::string_view kWords[] = {"checklist", "legend", "definition of done", "template",
                                                "example",   "how to", "conventions",        "notation"};
  return std::any_of(std::begin(kWords), std::end(kWords),
                     [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

// "[x] done", "[ ] open": a key to the signs.
bool explains_signs(const Task& task) {
  static constexpr std::string_view kWords[] = {"done",      "completed", "complete",      "finished",    "closed",
                                                "open",      "todo",      "to do",         "in progress", "not started",
                                                "not done",  "pending",   "cancelled",     "canceled",    "checked",
                                                "unchecked", "wip",       "partially done"};
  std::string words = text::to_lower_ascii(task.text);
  while (!words.empty() && std::string_view(".,;:!*_` ").find(words.back()) != std::string_view::npos) words.pop_back();
  const std::size_t first = words.find_first_not_of("*_` =:-");
  if (first == std::string::npos) return true;
  words.erase(0, first);
  return std::find(std::begin(kWords), std::end(kWords), words) != std::end(kWords);
}

}  // namespace

bool kept(const Task& task) {
  return task.fields.keep || task.fields.recurs || used_again(task.heading) || explains_signs(task);
}

bool has_word(std::string_view words, std::string_view beginning) {
  for (std::size_t at = words.find(beginning); at != std::string_view::npos; at = words.find(beginning, at + 1)) {
    if (at == 0 || !((words[at - 1] >= 'a' && words[at - 1] <= 'z') || words[at - 1] == '_')) return true;
  }
  return false;
}

bool asks_for_more(std::string_view words) {
  static constexpr std::string_view kSigns[] = {
      "backport", "cherry-pick", "announce", "document", "docs",    "changelog", "release",    "test",     "regression",
      "follow",   "verify",      "revert",   "reopen",   "re-open", "investig",  "workaround", "upstream", "once ",
      "when ",    "after ",      "blog",     "deploy",   "migrat",  "clean",     "remove",     "monitor",  "check",
      "review",   "port ",       "until",    "discuss",  "decide",  "consider",  "blocked"};
  const std::string lower = text::to_lower_ascii(words);
  return std::any_of(std::begin(kSigns), std::end(kSigns),
                     [&](std::string_view sign) { return has_word(lower, sign); });
}

bool open(const Task& task) {
  return task.state == State::kOpen || task.state == State::kActive;
}

bool all_done(const List& list, std::size_t index) {
  std::vector<std::size_t> rest{index};
  while (!rest.empty()) {
    const Task& task = list.tasks[rest.back()];
    rest.pop_back();
    if (task.state != State::kDone) return false;
    rest.insert(rest.end(), task.children.begin(), task.children.end());
  }
  return true;
}

std::string quoted(const Task& task) {
  return "\"" + text::shorten(text::mask(text::to_utf8(task.text)), kQuoteBytes) + "\"";
}

Entry entry_of(const Subject& subject, const Task& task, std::string evidence) {
  const std::string& content = subject.list.content;
  return {.id = task.id,
          .title = text::mask(text::to_utf8(task.text)),
          .path = text::to_utf8(subject.list.path),
          .line = task.line,
          .heading = text::mask(text::to_utf8(task.heading)),
          .commit = subject.history.head(),
          .date = subject.date,
          .run = subject.run_id,
          .evidence = std::move(evidence),
          .bytes = content.substr(task.lines.begin, task.lines.size())};
}

namespace {

// Where an offset lies once the tasks are gone; nullopt for what goes with them.
class Shift {
 public:
  explicit Shift(const std::vector<const Task*>& gone) : gone_(gone) {}
  std::optional<std::size_t> operator()(std::size_t offset) const {
    std::size_t less = 0;
    for (const Task* task : gone_) {
      if (offset < task->lines.begin) break;
      if (offset < task->lines.end) return std::nullopt;
      less += task->lines.size();
    }
    return offset - less;
  }

 private:
  const std::vector<const Task*>& gone_;
};

}  // namespace

bool removable(const List& list, const Task& task) {
  return removable_together(list, {&task});
}

bool removable_together(const List& list, const std::vector<const Task*>& tasks) {
  for (const Task* task : tasks) {
    if (!task->alone || task->nested || task->lines.empty()) return false;
  }
  if (list.kind == Kind::kTodoTxt) return true;
  // A line less can turn a paragraph into a heading or an item into code: ask the parser.
  std::string without = list.content;
  for (auto task = tasks.rbegin(); task != tasks.rend(); ++task)
    without.erase((*task)->lines.begin, (*task)->lines.size());
  const auto read = read_list(list.path, list.kind, std::move(without), 0);
  if (!read || read->title != list.title) return false;
  const Shift shifted(tasks);
  std::vector<std::size_t> blocks;
  for (const std::size_t begin : list.blocks) {
    if (const auto at = shifted(begin)) blocks.push_back(*at);
  }
  if (blocks != read->blocks) return false;
  std::size_t at = 0;
  for (const Task& each : list.tasks) {
    const auto box = shifted(each.box);
    if (!box) continue;
    if (at >= read->tasks.size()) return false;
    const Task& still = read->tasks[at++];
    if (still.box != *box || still.state != each.state || still.heading != each.heading) return false;
  }
  return at == read->tasks.size();
}

std::optional<Commit> written_by(const Subject& subject, const Task& task) {
  const auto& lines = subject.history.written(subject.list.path, subject.list.content);
  if (task.line == 0 || task.line > lines.size() || lines[task.line - 1].id.empty()) return std::nullopt;
  return lines[task.line - 1];
}

std::string closed_by(History& history, const Fields& fields, const std::string& reference, const Commit& written) {
  const bool elsewhere = std::any_of(fields.addressed.begin(), fields.addressed.end(), [&](const Issue& issue) {
    // Without a remote a link counts as one to the project itself, an address does not.
    if (issue.reference != reference || issue.project == history.project()) return false;
    return issue.bare || !history.project().empty();
  });
  const auto commit = elsewhere ? std::nullopt : history.closed_after(reference, written);
  if (!commit) return "";
  const std::string subject = text::shorten(text::mask(text::to_utf8(commit->subject)), 100);
  return words_of(*commit) + " says it closes " + reference + ": \"" + subject + "\"";
}

std::string closing_evidence(History& history, const Fields& fields, std::string_view words, const Commit& written) {
  if (fields.ids.empty() || (!fields.id_leads && asks_for_more(words))) return "";
  std::string evidence;
  for (const std::string& id : fields.ids) {
    const std::string one = closed_by(history, fields, id, written);
    if (one.empty()) return "";
    evidence += (evidence.empty() ? "" : "; ") + one;
  }
  return evidence + "; the line was written before, in " + words_of(written);
}

std::vector<Edit> ticked(const Subject& subject, const Task& task) {
  if (subject.list.kind == Kind::kMarkdown) {
    std::vector<Edit> edits{{{task.box, task.box + 1}, "x"}};
    if (!task.mark.empty()) edits.push_back({task.mark, ""});
    return edits;
  }
  // "(A) 2026-01-01 words" -> "x 2026-11-22 2026-01-01 words pri:A"
  const std::size_t begin = task.first_line.begin;
  const bool lettered = task.priority.scale == Scale::kLetter;
  std::vector<Edit> edits{{{begin, begin + (lettered ? 4U : 0U)}, "x " + subject.date + " "}};
  const std::string priority =
      lettered ? std::string(" pri:") + static_cast<char>('A' + task.priority.level) : std::string();
  if (!task.mark.empty()) {
    const bool last = task.mark.end == task.mark_at;
    edits.push_back({task.mark, last ? priority : ""});
    if (last) return edits;
  }
  if (!priority.empty()) edits.push_back({{task.mark_at, task.mark_at}, priority});
  return edits;
}

}  // namespace daydream::tasks
