#include "plugins/task_cleanup/lists/lists.hpp"

#include <algorithm>

#include "daydream/kit/text.hpp"

namespace daydream::tasks {
namespace {

constexpr std::size_t kNo = std::string_view::npos;

std::string base_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return text::to_lower_ascii(slash == kNo ? path : path.substr(slash + 1));
}

bool markdown_extension(std::string_view base) {
  return base.ends_with(".md") || base.ends_with(".markdown") || base.ends_with(".mdown");
}

// "todo", "TODO-2026", "todos", "roadmap_v2", but not "planet".
bool named(std::string_view stem, std::string_view word) {
  if (!stem.starts_with(word)) return false;
  std::string_view rest = stem.substr(word.size());
  if (rest.starts_with("ning")) rest.remove_prefix(4);  // planning
  if (rest.starts_with('s')) rest.remove_prefix(1);
  return rest.empty() || !(rest.front() >= 'a' && rest.front() <= 'z');
}

bool in_plans_folder(std::string_view path) {
  const std::string lower = "/" + text::to_lower_ascii(path);
  return lower.find("/docs/plans/") != kNo || lower.find("/doc/plans/") != kNo;
}

}  // namespace

bool left_alone(std::string_view path) {
  static constexpr std::string_view kFolders[] = {
      "node_modules",  "vendor",  "vendored", "_vendor",  "third_party", "third-party", "thirdparty", "external",
      "site-packages", ".venv",   "venv",     ".tox",     "testdata",    "test-data",   "test_data",  "fixtures",
      "__fixtures__",  "archive", "archived", "archives", "templates",   "template",    "attic"};
  for (const std::string_view part : text::split(path, '/')) {
    const std::string lower = text::to_lower_ascii(part);
    if (std::find(std::begin(kFolders), std::end(kFolders), lower) != std::end(kFolders)) return true;
  }
  return base_of(path).find("template") != kNo;
}

bool is_plan(std::string_view path) {
  const std::string base = base_of(path);
  return in_plans_folder(path) || named(base, "plan") || named(base, "roadmap");
}

std::optional<Kind> list_kind(std::string_view path, const std::vector<std::string>& globs) {
  if (left_alone(path)) return std::nullopt;
  const std::string base = base_of(path);
  const bool todo_txt = base == "todo.txt" || base.ends_with(".todo.txt");
  if (!globs.empty()) {
    const bool chosen =
        std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) { return text::glob_match(glob, path); });
    if (!chosen) return std::nullopt;
    return base.ends_with(".txt") ? Kind::kTodoTxt : Kind::kMarkdown;
  }
  if (todo_txt) return Kind::kTodoTxt;
  const bool extension = markdown_extension(base);
  if (!extension && base.find('.') != kNo) return std::nullopt;
  if (extension && in_plans_folder(path)) return Kind::kMarkdown;
  const std::string_view stem = std::string_view(base).substr(0, base.rfind('.'));
  for (const std::string_view word : {"todo", "plan", "roadmap"}) {
    if (named(stem, word)) return Kind::kMarkdown;
  }
  return std::nullopt;
}

Result<List> read_list(std::string path, Kind kind, std::string content, std::int64_t today) {
  List list;
  list.path = std::move(path);
  list.kind = kind;
  list.content = std::move(content);
  if (kind == Kind::kMarkdown) {
    if (auto read = read_markdown(list, today); !read) return std::move(read.error());
  } else {
    read_todo_txt(list, today);
  }
  for (std::size_t index = 0; index < list.tasks.size(); ++index) {
    if (list.tasks[index].parent != kNoTask) list.tasks[list.tasks[index].parent].children.push_back(index);
  }
  name_tasks(list);
  return list;
}

std::string mark_text(Kind kind, std::string_view why) {
  std::string clean;
  if (kind == Kind::kMarkdown) {
    // A comment ends at its first "-->", and must hold no "--".
    clean = text::collapse_space(why);
    for (std::size_t at = clean.find("--"); at != std::string::npos; at = clean.find("--")) clean.replace(at, 2, "-");
    std::replace(clean.begin(), clean.end(), '>', ' ');
    return " <!-- stale? " + clean + " -->";
  }
  for (const char byte : text::collapse_space(why)) {
    if (byte != '`') clean += byte == ' ' || byte == ':' ? '-' : byte;
  }
  return " stale?:" + clean;
}

Bytes find_mark(Kind kind, std::string_view content, Bytes within) {
  const std::string_view line = content.substr(within.begin, within.size());
  const std::string_view opening = kind == Kind::kMarkdown ? " <!-- stale? " : " stale?:";
  const std::size_t at = line.find(opening);
  if (at == kNo) return {};
  std::size_t end = kNo;
  if (kind == Kind::kMarkdown) {
    end = line.find("-->", at);
    end = end == kNo ? kNo : end + 3;
  } else {
    end = std::min(line.find_first_of(" \t", at + opening.size()), line.size());
  }
  if (end == kNo) return {};
  return {within.begin + at, within.begin + end};
}

}  // namespace daydream::tasks
