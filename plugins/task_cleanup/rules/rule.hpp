// What a rule says of a task, and what it may look at. A rule is a function of the list, the past and what
// earlier nights have noted; it changes nothing itself.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "plugins/task_cleanup/archive.hpp"
#include "plugins/task_cleanup/history.hpp"
#include "plugins/task_cleanup/notes.hpp"
#include "plugins/task_cleanup/priority.hpp"
#include "plugins/task_cleanup/settings.hpp"
#include "plugins/task_cleanup/task.hpp"

namespace daydream::tasks {

struct Edit {
  Bytes at;
  std::string replacement;
};

enum class Weight : std::uint8_t { kInfo, kWarning };
enum class Certainty : std::uint8_t { kSafe, kReview, kInfo };

struct Proposal {
  std::string rule;
  Weight weight = Weight::kInfo;
  Certainty certainty = Certainty::kInfo;
  std::size_t line = 0;
  std::string symbol, context, message, evidence, suggestion;
  std::vector<Edit> edits;       // of the list, ascending
  std::optional<Entry> archive;  // what goes to the archive with them
};

// Which plans other plans say they supersede: by path.
struct Successor {
  std::string path;
  std::size_t line = 0;
};
using Successors = std::map<std::string, Successor, std::less<>>;
// Reads one list for "Supersedes: ..." and "Superseded by ...".
void read_successors(const List& list, Successors& successors);

struct Subject {
  const List& list;
  const Settings& settings;
  History& history;
  Notes& notes;
  std::int64_t today = 0;
  std::string date, run_id;
  const std::map<std::string, int, std::less<>>* severities = nullptr;  // what logs and errors say of a file
  const Successors* successors = nullptr;
  bool edits_last = true;  // what was marked last night is marked in the tree tonight (not in observe, patch)
};

// A task that people keep on purpose or use again: legends, checklists, "keep".
bool kept(const Task& task);
// Open to be worked on.
bool open(const Task& task);
// A word of the lower-case text begins so.
bool has_word(std::string_view words, std::string_view beginning);
// The words ask for what comes after, or beside, the matter that their reference is about.
bool asks_for_more(std::string_view words);
// It and all below it are done.
bool all_done(const List& list, std::size_t index);
// The message part that names a task.
std::string quoted(const Task& task);
Entry entry_of(const Subject& subject, const Task& task, std::string evidence);
// Its lines may be taken out, and the list is as before without them.
bool removable(const List& list, const Task& task);
// The same of several at once, in order: one parse.
bool removable_together(const List& list, const std::vector<const Task*>& tasks);
// The commit that wrote its line, where git knows.
std::optional<Commit> written_by(const Subject& subject, const Task& task);
// The commit behind `written` that says it closes the reference, in words; "" = none, or an issue of another project.
std::string closed_by(History& history, const Fields& fields, const std::string& reference, const Commit& written);
// Certain evidence that an open task is closed: commits name it. "" = none.
std::string closing_evidence(History& history, const Fields& fields, std::string_view words, const Commit& written);
// The edit that sets a Markdown box, or makes a line of todo.txt a completed one.
std::vector<Edit> ticked(const Subject& subject, const Task& task);

// task-completed: ticked ones go to the archive; open ones that a commit has closed are ticked.
void find_completed(const Subject& subject, std::vector<Proposal>& out);
// plan-outdated: a parent whose children are all done is ticked.
void find_outdated_plans(const Subject& subject, std::vector<Proposal>& out);
// task-suspect, task-stale: what seems done is marked, and closed when the grace period has passed.
void find_stale(const Subject& subject, std::vector<Proposal>& out);
// task-priority
void find_priorities(const Subject& subject, std::vector<Proposal>& out);

}  // namespace daydream::tasks
