#include "init/facts.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "daydream/kit/text.hpp"

namespace daydream::init {
namespace {

constexpr std::size_t kMostNamed = 20;

bool matches_one(const std::string& path, std::initializer_list<const char*> globs) {
  return std::any_of(globs.begin(), globs.end(), [&](const char* glob) { return text::glob_match(glob, path); });
}

bool is_log(const std::string& path) {
  return matches_one(path, {"logs/**", "log/**", "*.log", "*.log.*", "*.log-*"}) && !path.starts_with("logs/daydream");
}

// "/var/log/shop/app.log" -> "/var/log/shop"; "" when the line names none, or one that is everybody's.
std::string named_log_folder(std::string_view line) {
  constexpr std::string_view kRoot = "/var/log/";
  const std::size_t at = line.find(kRoot);
  if (at == std::string_view::npos) return "";
  std::string_view path = line.substr(at);
  path = path.substr(0, path.find_first_of(" \t\"'`,;:)]}>*?$%{\\"));
  const std::size_t slash = path.find('/', kRoot.size());
  if (slash == std::string_view::npos || slash == kRoot.size() || !text::valid_utf8(path)) return "";
  return std::string(path.substr(0, slash));
}

bool is_comment(std::string_view line) {
  line = text::trim(line);
  return line.starts_with('#') || line.starts_with("//") || line.starts_with('*') || line.starts_with(';');
}

// As journalctl -u takes it: of a template all its instances.
std::string unit_pattern(std::string_view name) {
  std::string pattern(name);
  const std::size_t at = pattern.find("@.");
  if (at != std::string::npos) pattern.insert(at + 1, "*");
  return pattern;
}

void logs_elsewhere(const Survey& survey, Logs& logs) {
  for (const Hit& hit : survey.search({"/var/log/"})) {
    const std::string_view name = name_of(hit.path);
    const bool prose = name.ends_with(".md") || name.ends_with(".rst") || name.ends_with(".txt");
    if (prose || is_aside(hit.path) || logs.elsewhere.size() >= kMostNamed) continue;
    int number = 0;
    for (const std::string_view line : text::split(survey.read(hit.path), '\n')) {
      ++number;
      const std::string folder = is_comment(line) ? "" : named_log_folder(line);
      if (folder.empty() || std::find(logs.elsewhere.begin(), logs.elsewhere.end(), folder) != logs.elsewhere.end())
        continue;
      if (logs.elsewhere.empty()) logs.elsewhere_why = place(hit.path, number);
      logs.elsewhere.push_back(folder);
    }
  }
}

bool is_default_list(const std::string& path) {
  const std::string lower = text::to_lower_ascii(path);
  const std::string name(name_of(lower));
  const bool markdown = name.ends_with(".md") || name.ends_with(".markdown");
  if (name == "todo.txt" || text::glob_match("docs/plans/**", lower)) return true;
  return (markdown || name.find('.') == std::string::npos) &&
         (name.starts_with("todo") || name.starts_with("plan") || name.starts_with("roadmap"));
}

bool looks_like_list(const Survey& survey, const std::string& path) {
  const std::string name = text::to_lower_ascii(name_of(path));
  const bool named = name == "tasks.md" || name == "backlog.md" || name == "tasklist.md" || name == "next.md" ||
                     name == "milestones.md" || name == "tasks.txt";
  return named && (survey.says(path, "- [ ]") || survey.says(path, "* [ ]") || survey.says(path, "- [x]"));
}

}  // namespace

Logs logs_of(const Survey& survey) {
  Logs logs;
  std::set<std::string> here;
  for (const std::string& path : survey.beside()) {
    const bool folder = path.ends_with('/');
    const std::string_view top = std::string_view(path).substr(0, path.find('/'));
    const bool of_logs = path == "logs/" || path == "log/" || ((top == "logs" || top == "log") && is_log(path));
    if ((folder && of_logs) || (!folder && is_log(path) && path.find("node_modules/") == std::string::npos))
      here.insert(path);
  }
  for (const std::string& path : survey.files()) {
    if (here.size() < kMostNamed && is_log(path) && !is_aside(path)) here.insert(path);
    if (name_of(path).ends_with(".service") && !is_aside(path) && survey.says(path, "[Service]") &&
        logs.units.size() < kMostNamed && text::valid_utf8(path)) {
      if (logs.units.empty()) logs.units_why = place(path, survey.line_of(path, "[Service]"));
      logs.units.push_back(unit_pattern(name_of(path)));
    }
  }
  for (const char* name : {"compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"}) {
    if (logs.compose.empty() && survey.has(name)) logs.compose = name;
  }
  logs.here.assign(here.begin(), here.end());
  logs_elsewhere(survey, logs);
  return logs;
}

Tasks tasks_of(const Survey& survey) {
  Tasks tasks;
  for (const std::string& path : survey.files()) {
    if (is_aside(path) && !path.starts_with("docs/")) continue;
    if (is_default_list(path))
      tasks.lists.push_back(path);
    else if (looks_like_list(survey, path) && text::valid_utf8(path))
      tasks.others.push_back(path);
  }
  return tasks;
}

Documentation documentation_of(const Survey& survey) {
  Documentation found;
  for (const std::string& path : survey.files()) {
    const std::string name = text::to_lower_ascii(name_of(path));
    const bool page = name.ends_with(".md") || name.ends_with(".rst") || name.ends_with(".markdown");
    if (page && path.find("node_modules/") == std::string::npos) ++found.pages;
    if (found.generator.empty() && (name == "mkdocs.yml" || name == "antora.yml" || name == "_config.yml" ||
                                    name.starts_with("docusaurus.config.") || path == "docs/conf.py" ||
                                    path == "doc/conf.py" || path == "docs/source/conf.py" || name == "book.toml"))
      found.generator = path;
    const bool data = name.ends_with(".yaml") || name.ends_with(".yml") || name.ends_with(".json");
    if (data && (name.starts_with("openapi") || name.starts_with("swagger")) && found.api.size() < kMostNamed)
      found.api.push_back(path);
    const bool example = name.starts_with(".env.") && (name.ends_with("example") || name.ends_with("sample"));
    if (example && found.examples.size() < kMostNamed) found.examples.push_back(path);
  }
  return found;
}

Owners owners_of(const Survey& survey, const std::string& path) {
  Owners owners;
  for (const char* file : {".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"}) {
    if (!survey.has(file)) continue;
    owners.file = file;
    int number = 0;
    for (const std::string_view raw : text::split(survey.read(file), '\n')) {
      ++number;
      const std::string line = text::collapse_space(raw.substr(0, raw.find('#')));
      if (line.empty() || line.front() == '[' || line.front() == '^') continue;  // a section of GitLab's
      const std::size_t space = line.find(' ');
      if (!text::glob_match(line.substr(0, space), path)) continue;
      owners.rule = place(file, number);
      owners.names = space == std::string::npos ? "" : line.substr(space + 1);
    }
    return owners;
  }
  return owners;
}

}  // namespace daydream::init
