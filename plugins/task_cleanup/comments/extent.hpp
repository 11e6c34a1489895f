// Which bytes go when a TODO comment goes: its whole lines, or the tail of the line it ends. Nothing where the
// comment says more than the task, where a part of it would stay behind, or where the code without it would
// read otherwise.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "plugins/task_cleanup/comments/todo_comment.hpp"
#include "plugins/task_cleanup/task.hpp"

namespace daydream::tasks {

struct Extent {
  Bytes bytes;       // whole lines with their ends, or a tail with the white space before it, its line end left
  std::string text;  // all its words, markers left out, white space collapsed
};

// nullopt: it cannot be taken out, as above; also where `content` is too large to parse.
std::optional<Extent> extent_of(std::string_view content, source::Language language, const TodoComment& todo);

}  // namespace daydream::tasks
