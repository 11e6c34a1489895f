// What becomes of the TODO comments of one file. Certain evidence (E1): a commit says it closes the comment's
// own reference; strong evidence (E2): what its words want gone is gone, what they want there is there. With
// E1 the comment leaves the code for the archive the same night, with E2 when it has stood as a suspect for
// the grace period: said each night with the reason, and not written into the code, where a mark would be a
// line of its own to argue about. Its age says nothing.
#pragma once

#include <vector>

#include "plugins/task_cleanup/comments/todo_comment.hpp"
#include "plugins/task_cleanup/rules/rule.hpp"

namespace daydream::tasks {

// Some of them may be closed: worth reading their file for.
bool may_be_closed(History& history, const std::vector<TodoComment>& comments);

// The file as a list of its comments, in their order; where nothing can be taken out `lines` is empty.
List list_of_comments(std::string path, std::uint64_t token, std::string content,
                      const std::vector<TodoComment>& comments);

// `subject.list` is such a list, of the same comments.
void find_closed_comments(const Subject& subject, source::Language language, const std::vector<TodoComment>& comments,
                          std::vector<Proposal>& out);

}  // namespace daydream::tasks
