// Markdown: list items with a checkbox.
#include <algorithm>

#include "daydream/kit/text.hpp"
#include "daydream/markdown/document.hpp"
#include "plugins/task_cleanup/fields.hpp"
#include "plugins/task_cleanup/lists/lists.hpp"

namespace daydream::tasks {
namespace {

using markdown::Document;
using markdown::Item;

// "Backlog > Parser": the headings above, outermost first.
std::string heading_path(const Document& document, std::uint32_t index) {
  std::vector<std::string> path;
  int level = 7;
  for (std::uint32_t at = index; at != markdown::kNone; at = at == 0 ? markdown::kNone : at - 1) {
    const auto& heading = document.headings()[at];
    if (heading.level >= level) continue;
    level = heading.level;
    path.insert(path.begin(), heading.plain);
    if (level == 1) break;
  }
  return text::join(path, " > ");
}

State state_of(char state) {
  if (state == ' ') return State::kOpen;
  if (state == 'x' || state == 'X') return State::kDone;
  return state == '/' ? State::kActive : State::kOther;
}

Bytes to_bytes(markdown::Span span) {
  return {span.begin, span.end};
}

Task task_of(const Document& document, const Item& item, std::int64_t today) {
  Task task;
  task.lines = to_bytes(item.lines);
  task.first_line = to_bytes(document.line(item.place.line));
  task.own = {item.lines.begin, std::min<std::size_t>(item.own_end, item.lines.end)};
  task.box = item.state_at;
  task.alone = item.alone && !item.quoted;
  task.state = state_of(item.state);
  task.line = item.place.line;
  task.heading = item.heading == markdown::kNone ? "" : heading_path(document, item.heading);
  const std::string_view content = document.content();
  task.mark = find_mark(Kind::kMarkdown, content, task.first_line);
  task.mark_at = task.first_line.end;
  while (task.mark_at > task.first_line.begin &&
         (content[task.mark_at - 1] == ' ' || content[task.mark_at - 1] == '\t'))
    --task.mark_at;
  std::string words(document.text(item.text));
  if (!task.mark.empty() && task.mark.begin >= item.text.begin && task.mark.end <= item.text.end) {
    words.erase(task.mark.begin - item.text.begin, task.mark.size());
  }
  // A priority stands on the first line of the text.
  const std::string_view first = std::string_view(words).substr(0, words.find_first_of("\r\n"));
  const std::size_t kept = first.find_last_not_of(" \t");
  task.priority = priority_in(first.substr(0, kept == std::string_view::npos ? 0 : kept + 1));
  std::string meaning = words;
  if (task.priority.scale != Scale::kNone) {
    meaning.replace(task.priority.at.begin, task.priority.at.size(), "");
    task.priority.at.begin += item.text.begin;
    task.priority.at.end += item.text.begin;
    if (!task.mark.empty() && task.priority.at.begin >= task.mark.begin) task.priority = {};
  }
  task.text = text::collapse_space(meaning);
  task.fields = fields_of(task.text, today, false);
  return task;
}

}  // namespace

Result<void> read_markdown(List& list, std::int64_t today) {
  auto document = Document::parse(list.content);
  if (!document) return std::move(document.error());
  if (!document->headings().empty()) {
    const auto& heading = document->headings().front();
    list.title = heading.plain;
    list.title_source = document->text(heading.text);
    list.title_line = heading.line;
    list.title_end = document->whole_line(document->place(heading.span.end).line).end;
  }
  const auto& items = document->items();
  for (const auto& heading : document->headings()) list.blocks.push_back(heading.span.begin);
  for (const auto& block : document->code_blocks()) list.blocks.push_back(block.span.begin);
  for (const auto& block : document->html_blocks()) list.blocks.push_back(block.span.begin);
  for (const Item& item : items) list.blocks.push_back(item.span.begin);
  std::vector<std::size_t> task_of_item(items.size(), kNoTask);
  for (std::size_t index = 0; index < items.size(); ++index) {
    // What is no task itself hands on the task it stands in.
    const std::uint32_t above = items[index].parent;
    const std::size_t parent = above == markdown::kNone ? kNoTask : task_of_item[above];
    task_of_item[index] = parent;
    if (items[index].quoted) continue;
    if (!items[index].task()) {
      if (parent != kNoTask && above < items.size() && items[above].task()) list.tasks[parent].mixed = true;
      continue;
    }
    Task task = task_of(*document, items[index], today);
    task.nested = above != markdown::kNone;
    task.parent = parent;
    task_of_item[index] = list.tasks.size();
    list.tasks.push_back(std::move(task));
  }
  return {};
}

}  // namespace daydream::tasks
