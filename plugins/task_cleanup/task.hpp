// One entry of a task list, whatever the list is written in, with the bytes that matter for an edit.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace daydream::tasks {

inline constexpr std::size_t kNoTask = SIZE_MAX;

struct Bytes {  // [begin, end) of the list
  std::size_t begin = 0, end = 0;
  [[nodiscard]] std::size_t size() const { return end - begin; }
  [[nodiscard]] bool empty() const { return begin == end; }
};

enum class State : std::uint8_t { kOpen, kActive, kDone, kOther };

// How a task says how important it is, and the byte or bytes that say it.
enum class Scale : std::uint8_t { kNone, kLetter, kNumber, kBangs };
struct Priority {
  Scale scale = Scale::kNone;
  int level = 0;  // 0 is the highest: (A), P0, "!!!"
  Bytes at;       // "A", "1", "!!"
};

// An issue of a forge: "#12" and, where its whole address stands there, "owner/name" in lower case.
struct Issue {
  std::string reference, project;
  bool bare = false;  // the address alone, not as the target of a link
};

// What the words of a task say besides their meaning. Days count from 1970-01-01.
struct Fields {
  std::optional<std::int64_t> due, waits_until, created, any_future_date;
  std::vector<std::string> ids;    // id:x, #12 where it is the task's own, ABC-12
  std::vector<std::string> needs;  // dep:x, "blocked by #12"
  std::vector<Issue> addressed;    // every issue that is given by its whole address
  std::vector<std::string>
      linked;             // issues that it is linked to, and that are not its own: "[crash](.../issues/12) of"
  bool id_leads = false;  // an id of its own stands in front
  bool keep = false, owner = false, milestone = false, recurs = false;
};

struct Task {
  Bytes lines;          // whole lines with all that is nested in them: what goes to the archive
  Bytes first_line;     // the line with the box, without its end
  Bytes own;            // its own lines, nested lists left out
  std::size_t box = 0;  // Markdown: offset of the byte between the brackets
  bool alone = true;    // its lines hold nothing else, so they can be taken out
  State state = State::kOpen;
  std::size_t parent = kNoTask;
  bool nested = false;  // below another item, a task or not: it stays with that
  bool mixed = false;   // items without a box stand among its children
  std::vector<std::size_t> children;
  std::size_t line = 0;
  std::string text;     // without box, priority and our mark; white space collapsed
  std::string heading;  // "Backlog > Parser"
  std::string id;       // lasting: of its words and its parent's, not of its place
  Priority priority;
  Fields fields;
  Bytes mark;               // our `stale?` mark with the white space before it; empty: none
  std::size_t mark_at = 0;  // where one would be put
};

enum class Kind : std::uint8_t { kMarkdown, kTodoTxt };

struct List {
  std::string path;
  Kind kind = Kind::kMarkdown;
  std::uint64_t token = 0;
  std::string content;
  std::vector<std::size_t> blocks;            // where headings, items, code and HTML begin
  std::vector<Task> tasks;                    // in order; a parent before its children
  std::string title;                          // first heading, or ""
  std::string title_source;                   // as it is written, markup and all
  std::size_t title_line = 0, title_end = 0;  // its line; where the line behind it begins
};

// "2026-11-22" -> days since 1970-01-01; nullopt for what is no date.
std::optional<std::int64_t> day_of(std::string_view date);
std::string date_of(std::int64_t day);

// Sets Task::id of all tasks: equal words under equal words are numbered.
void name_tasks(List& list);

}  // namespace daydream::tasks
