// todo.txt: one line, one task.
#include <algorithm>

#include "daydream/kit/text.hpp"
#include "plugins/task_cleanup/fields.hpp"
#include "plugins/task_cleanup/lists/lists.hpp"

namespace daydream::tasks {
namespace {

constexpr std::size_t kNo = std::string_view::npos;

// "2026-01-02 " in front.
bool dated(std::string_view line) {
  return line.size() > 10 && line[10] == ' ' && day_of(line.substr(0, 10)).has_value();
}
bool prioritised(std::string_view line) {
  return line.size() > 4 && line[0] == '(' && line[1] >= 'A' && line[1] <= 'Z' && line[2] == ')' && line[3] == ' ';
}
bool done(std::string_view line) {
  return line.size() > 2 && line.starts_with("x ");
}

void drop_priority(std::string& words) {
  const std::size_t at = words.find(" pri:");
  if (at == std::string::npos) return;
  const std::size_t end = std::min(words.find(' ', at + 1), words.size());
  if (end == at + 6) words.erase(at, end - at);
}

// Calls with each line that has words: where it begins, where its words end, where its line end ends.
template <class Each>
void each_line(std::string_view content, const Each& each) {
  std::size_t number = 0;
  for (std::size_t at = content.starts_with("\xEF\xBB\xBF") ? 3 : 0; at < content.size();) {
    const std::size_t end = std::min(content.find('\n', at), content.size());
    const std::size_t next = std::min(end + 1, content.size());
    const std::size_t words = end > at && content[end - 1] == '\r' ? end - 1 : end;
    ++number;
    if (!text::trim(content.substr(at, words - at)).empty()) each(at, words, next, number);
    at = next;
  }
}

}  // namespace

bool looks_like_todo_txt(std::string_view content) {
  std::size_t lines = 0;
  std::size_t prose = 0;
  std::size_t signs = 0;   // lines with +project or @context
  std::size_t strong = 0;  // lines that only the format has: (A), dates in front
  each_line(content, [&](std::size_t begin, std::size_t end, std::size_t, std::size_t) {
    const std::string_view line = content.substr(begin, end - begin);
    ++lines;
    if (std::string_view(" \t-*#=~>|").find(line.front()) != kNo || line.ends_with(':')) ++prose;
    strong += dated(line) || prioritised(line) || (done(line) && dated(line.substr(2))) ? 1 : 0;
    bool sign = false;
    for (const std::string_view word : text::split(line, ' ')) {
      sign = sign || (word.size() > 1 && (word[0] == '+' || word[0] == '@') && word[1] != word[0]);
    }
    signs += sign ? 1 : 0;
  });
  return (strong > 0 || (lines > 1 && signs * 2 >= lines)) && prose * 5 <= lines;
}

void read_todo_txt(List& list, std::int64_t today) {
  const std::string_view content = list.content;
  if (!looks_like_todo_txt(content)) return;
  each_line(content, [&](std::size_t begin, std::size_t end, std::size_t next, std::size_t number) {
    Task task;
    task.lines = {begin, next};
    task.first_line = task.own = {begin, end};
    task.line = number;
    std::string_view line = content.substr(begin, end - begin);
    if (line.front() == ' ' || line.front() == '\t') task.alone = false;  // no task by the format
    std::size_t at = 0;
    if (done(line)) {
      task.state = State::kDone;
      at = 2;
      if (dated(line.substr(at))) at += 11;
    } else if (prioritised(line)) {
      task.priority = {Scale::kLetter, line[1] - 'A', {begin + 1, begin + 2}};
      at = 4;
    }
    std::optional<std::int64_t> created;
    if (dated(line.substr(at))) {
      created = day_of(line.substr(at, 10));
      at += 11;
    }
    task.mark = find_mark(Kind::kTodoTxt, content, task.first_line);
    task.mark_at = end;
    while (task.mark_at > begin && (content[task.mark_at - 1] == ' ' || content[task.mark_at - 1] == '\t'))
      --task.mark_at;
    std::string words(line.substr(at));
    if (!task.mark.empty() && task.mark.begin >= begin + at)
      words.erase(task.mark.begin - begin - at, task.mark.size());
    // The priority that completion keeps is no word of the task's.
    if (task.state == State::kDone) drop_priority(words);
    task.text = text::collapse_space(words);
    task.fields = fields_of(task.text, today, true);
    if (created) task.fields.created = created;
    list.tasks.push_back(std::move(task));
  });
}

}  // namespace daydream::tasks
