// What the words of a task say besides their meaning: dates, names, priorities, and that it is to stay.
// Understood are todo.txt's `key:value`, the signs of obsidian-tasks, and plain words.
#pragma once

#include <string_view>

#include "plugins/task_cleanup/task.hpp"

namespace daydream::tasks {

// `text`: the task's own words. `today`: for what lies in the future. `todo_txt`: `@x` is a context there.
Fields fields_of(std::string_view text, std::int64_t today, bool todo_txt);

// A priority in the words of a Markdown task: "P1" in front or in brackets, "!", "!!", "!!!" in front or at
// the end. Offsets are of `text`.
Priority priority_in(std::string_view text);

// "#12" or "ABC-12" where the word is one, brackets and punctuation aside; else "".
std::string reference_in(std::string_view word);

// The issue whose address the word holds, bare or as the target of a link; without a reference: none.
Issue issue_in(std::string_view word);

// "owner/name" in lower case of a repository's address, of a remote in any of git's forms; else "".
std::string project_in(std::string_view address);

// The first word of a task that has a meaning: numbers, brackets and marks in front are skipped.
std::string_view first_word(std::string_view text);

}  // namespace daydream::tasks
