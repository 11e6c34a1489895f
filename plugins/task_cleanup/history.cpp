#include "plugins/task_cleanup/history.hpp"

namespace daydream::tasks {

History::History(std::string root, std::chrono::milliseconds budget) : budget_(budget) {
  if (root.empty()) return;
  auto opened = git::Repository::open(root);
  if (!opened) return;
  auto head = opened->resolve("HEAD");
  if (!head) return;
  head_ = *head;
  repository_ = std::move(*opened);
}

hash::GitFormat History::format() const {
  return repository_ ? repository_->format() : hash::GitFormat::kSha1;
}

std::string History::ticked_by(const List& list, const Task& task) {
  return list.kind == Kind::kTodoTxt ? "the line says it is done"
                                     : "the box is ticked in line " + std::to_string(task.line);
}

}  // namespace daydream::tasks
