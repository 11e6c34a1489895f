// Task lists as they are written: which files are some, and their tasks with every byte's place.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daydream/kit/result.hpp"
#include "plugins/task_cleanup/task.hpp"

namespace daydream::tasks {

// By its name; `globs` replace the names we know (TODO*, PLAN*, ROADMAP*, docs/plans, todo.txt).
std::optional<Kind> list_kind(std::string_view path, const std::vector<std::string>& globs);
// Vendored, test data, templates, archives: lists that are somebody else's, or no lists to work on.
bool left_alone(std::string_view path);
// PLAN*, ROADMAP*, docs/plans: a page about one matter.
bool is_plan(std::string_view path);

// kUnsupported for a list over a limit. `today`: days since 1970-01-01.
Result<List> read_list(std::string path, Kind kind, std::string content, std::int64_t today);

// Parts of it, by format. `list.content` is set, `list.tasks` are filled in.
Result<void> read_markdown(List& list, std::int64_t today);
void read_todo_txt(List& list, std::int64_t today);
// A file called todo.txt that is free text is no todo.txt.
bool looks_like_todo_txt(std::string_view content);

// The mark of a task that seems done: `<!-- stale? why -->`, in todo.txt `stale?:why-with-dashes`.
std::string mark_text(Kind kind, std::string_view why);
Bytes find_mark(Kind kind, std::string_view content, Bytes within);

}  // namespace daydream::tasks
