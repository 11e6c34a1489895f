#include "plugins/task_cleanup/comments/closing.hpp"

#include <algorithm>

#include "daydream/kit/text.hpp"
#include "plugins/task_cleanup/comments/extent.hpp"
#include "plugins/task_cleanup/fields.hpp"
#include "plugins/task_cleanup/rules/plans.hpp"
#include "plugins/task_cleanup/subjects.hpp"

namespace daydream::tasks {
namespace {

constexpr int kSameMatter = 300;  // likeness of a commit's subject and a comment

// What its reference is: TODO(#12), TODO #12, "TODO: ... (#12)".
Fields own_fields(const TodoComment& todo, std::int64_t today) {
  Fields fields = fields_of(todo.words, today, false);
  if (const std::string reference = reference_in(todo.owner); !reference.empty()) {
    fields.ids.assign(1, reference);
    fields.id_leads = true;
  } else if (!todo.owner.empty()) {
    fields.owner = true;
  }
  return fields;
}

// Words whose time comes when their reference is closed, and is not over by that.
bool waits(std::string_view text) {
  static constexpr std::string_view kSigns[] = {
      "enable",  "re-enable", "temporar",  "hack",    "skip",       "disable", "delete ", "drop ",
      "replace", "switch",    "uncomment", "revisit", "refactor",   "restore", "should",  "wait",
      "depend",  "get rid",   "use ",      "unless",  "as soon as", "while ",  "for now", "bump",
      "upgrade", "update",    "kill ",     "rename",  "move ",      "due to",  "because"};
  const std::string lower = text::to_lower_ascii(text) + " ";
  return asks_for_more(lower) || lower.find('?') != std::string::npos ||
         std::any_of(std::begin(kSigns), std::end(kSigns),
                     [&](std::string_view sign) { return has_word(lower, sign); });
}

std::string without_references(const std::string& words) {
  std::string rest;
  for (const std::string_view word : text::split(words, ' ')) {
    if (reference_in(word).empty()) rest.append(word).append(1, ' ');
  }
  return rest;
}

class Closer {
 public:
  Closer(const Subject& subject, source::Language language, std::vector<Proposal>& out)
      : subject_(subject), language_(language), out_(out) {}

  void look_at(const TodoComment& todo, const Task& task) {
    if (task.fields.keep) return;
    const auto written = written_by(subject_, task);
    if (!written) return;
    if (closed_by_commit(todo, task, *written)) return;
    suspected(todo, task, *written);
  }

 private:
  [[nodiscard]] Proposal proposal_for(const TodoComment& todo, const Task& task, std::string evidence) const {
    Proposal proposal;
    proposal.line = todo.line;
    proposal.symbol = task.id;
    proposal.context = todo.tag + " " + todo.words;
    proposal.evidence = std::move(evidence);
    return proposal;
  }

  void take_out(const Task& task, const Extent& extent, Proposal& proposal) const {
    Task gone = task;
    gone.lines = extent.bytes;
    proposal.edits = {{extent.bytes, ""}};
    if (proposal.certainty != Certainty::kSafe || !subject_.settings.archive) return;
    proposal.archive = entry_of(subject_, gone, proposal.evidence);
  }

  // The commit had this file, or these words, in mind.
  bool about_this(const TodoComment& todo, const Task& task, const Commit& written) {
    const std::string words = without_references(todo.words);
    return std::all_of(task.fields.ids.begin(), task.fields.ids.end(), [&](const std::string& id) {
      const auto commit = subject_.history.closed_after(id, written);
      return commit && (likeness(without_references(text::to_utf8(commit->subject)), words) >= kSameMatter ||
                        subject_.history.touches(commit->id, subject_.list.path));
    });
  }

  bool closed_by_commit(const TodoComment& todo, const Task& task, const Commit& written) {
    Fields own = task.fields;
    if (!subject_.history.closes_any(own.ids)) return false;
    own.id_leads = true;  // what else the words ask for is looked at here
    const std::string evidence = closing_evidence(subject_.history, own, todo.words, written);
    if (evidence.empty()) return false;
    Proposal proposal = proposal_for(todo, task, evidence);
    const auto extent = extent_of(subject_.list.content, language_, todo);
    if (waits(extent ? std::string_view(extent->text).substr(todo.tag.size()) : std::string_view(todo.words))) {
      if (!task.fields.id_leads) return false;
      proposal.rule = "task-suspect";
      proposal.weight = Weight::kWarning;  // for Action Required: nothing in the code says it
      proposal.message = "stale? " + quoted(task) + ": what it names is closed";
      proposal.suggestion = "do what it says, take it out, or say what it still waits for";
      out_.push_back(std::move(proposal));
      return true;
    }
    proposal.rule = "task-completed";
    proposal.message = quoted(task) + " is about something that is closed";
    proposal.suggestion = "take the comment out, or say what is left to do";
    if (extent && (todo.tag == "TODO" || todo.tag == "FIXME")) close(todo, task, *extent, written, proposal);
    out_.push_back(std::move(proposal));
    return true;
  }

  void close(const TodoComment& todo, const Task& task, const Extent& extent, const Commit& written,
             Proposal& proposal) {
    const bool sure = about_this(todo, task, written);
    const std::string& offer = subject_.notes.old(subject_.list.path, task).suspect;
    if (sure && subject_.edits_last && offer.starts_with("offered ") && offer != "offered " + subject_.run_id) {
      proposal.message += "; it was offered to the archive before, and stays";
      return;
    }
    proposal.certainty = sure ? Certainty::kSafe : Certainty::kReview;
    if (sure) proposal.message = "closed by a commit: " + quoted(task) + ", taken out of the code";
    take_out(task, extent, proposal);
  }

  void suspected(const TodoComment& todo, const Task& task, const Commit& written) {
    const Note& old = subject_.notes.old(subject_.list.path, task);
    const bool exempt = task.fields.owner || task.fields.milestone || task.fields.any_future_date ||
                        subject_.settings.mode("task-suspect") == RuleMode::kOff;
    const Aim aim = exempt ? Aim{} : aim_of(todo.words);
    // The evidence is bounded in time for all comments together; the parses behind it are not, and few get there.
    std::string evidence = aim.empty() ? "" : strong_evidence(subject_.history, aim, written, todo.words);
    const auto extent = evidence.empty() ? std::nullopt : extent_of(subject_.list.content, language_, todo);
    // Words that go on below its first line may ask for more than the first line does.
    if (!extent || !extent->text.ends_with(todo.words)) evidence.clear();
    if (evidence.empty()) {
      if (!old.suspect.empty() && (exempt || !subject_.history.spent())) {
        subject_.notes.now(subject_.list.path, task).suspect.clear();
      }
      return;
    }
    if (!grace_over(subject_, task, evidence, written)) {
      Proposal proposal = proposal_for(todo, task, evidence);
      proposal.rule = "task-suspect";
      proposal.weight = Weight::kWarning;  // for Action Required: nothing in the code says it
      proposal.message = "stale? " + quoted(task) + ": seems done; taken out after " +
                         std::to_string(subject_.settings.grace_days) + " days unless somebody objects";
      proposal.suggestion = "take it out, or write #keep, an owner or other words into it to keep it";
      out_.push_back(std::move(proposal));
      return;
    }
    const Note& note = subject_.notes.now(subject_.list.path, task);
    Proposal proposal = proposal_for(
        todo, task,
        note.suspect + "; said since " + date_of(note.marked) + ", through " + std::to_string(note.runs) + " runs");
    proposal.rule = "task-stale";
    proposal.certainty = Certainty::kSafe;
    proposal.message = "stale: " + quoted(task) + ", taken out of the code";
    take_out(task, *extent, proposal);
    out_.push_back(std::move(proposal));
  }

  const Subject& subject_;
  source::Language language_;
  std::vector<Proposal>& out_;
};

}  // namespace

bool may_be_closed(History& history, const std::vector<TodoComment>& comments) {
  return std::any_of(comments.begin(), comments.end(), [&](const TodoComment& todo) {
    return history.closes_any(own_fields(todo, 0).ids) || !aim_of(todo.words).empty();
  });
}

List list_of_comments(std::string path, std::uint64_t token, std::string content,
                      const std::vector<TodoComment>& comments) {
  List list;
  list.path = std::move(path);
  list.token = token;
  list.content = std::move(content);
  list.tasks.reserve(comments.size());
  for (const TodoComment& todo : comments) {
    Task task;
    task.id = todo.id;
    task.line = todo.line;
    task.text = todo.tag + ": " + todo.words;
    task.heading = todo.symbol;
    list.tasks.push_back(std::move(task));
  }
  return list;
}

void find_closed_comments(const Subject& subject, source::Language language, const std::vector<TodoComment>& comments,
                          std::vector<Proposal>& out) {
  Closer closer(subject, language, out);
  for (std::size_t at = 0; at < comments.size() && at < subject.list.tasks.size(); ++at) {
    Task task = subject.list.tasks[at];
    task.fields = own_fields(comments[at], subject.today);
    closer.look_at(comments[at], task);
  }
}

}  // namespace daydream::tasks
