// plan-outdated: a plan that another one says it supersedes gets a note below its title; one whose subject is
// gone from the code since anybody touched the plan gets a mark with the commit.
#include <algorithm>

#include "daydream/kit/text.hpp"
#include "daydream/markdown/document.hpp"
#include "plugins/task_cleanup/lists/lists.hpp"
#include "plugins/task_cleanup/rules/plans.hpp"
#include "plugins/task_cleanup/subjects.hpp"

namespace daydream::tasks {
namespace {

constexpr std::size_t kNo = std::string_view::npos;

// "docs/plans/b.md", "../a.md" -> "docs/a.md"; "" where it leaves the repository or is an address.
std::string resolved(std::string_view from, std::string_view target) {
  target = target.substr(0, target.find_first_of("#?"));
  if (target.empty() || target.find("://") != kNo) return "";
  std::vector<std::string> parts;
  const bool rooted = target.starts_with('/');
  const std::size_t slash = from.rfind('/');
  if (!rooted && slash != kNo) {
    for (const std::string_view part : text::split(from.substr(0, slash), '/')) parts.emplace_back(part);
  }
  for (const std::string_view part : text::split(target, '/')) {
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      parts.emplace_back(part);
    } else if (parts.empty()) {
      return "";
    } else {
      parts.pop_back();
    }
  }
  return text::join(parts, "/");
}

// The path from one file's folder to another file.
std::string relative(std::string_view from, std::string_view to) {
  const auto ours = text::split(from, '/');
  const auto theirs = text::split(to, '/');
  std::size_t same = 0;
  while (same + 1 < ours.size() && same + 1 < theirs.size() && ours[same] == theirs[same]) ++same;
  std::string out;
  for (std::size_t at = same; at + 1 < ours.size(); ++at) out += "../";
  for (std::size_t at = same; at < theirs.size(); ++at) out += (at == same ? "" : "/") + std::string(theirs[at]);
  return out;
}

// A line that begins with the word, markup and a colon aside: "**Supersedes:** ...", "- Superseded by ...".
bool says(std::string_view line, std::string_view word) {
  const std::size_t front = line.find_first_not_of(" \t>*_-#");
  return front != kNo && text::to_lower_ascii(line.substr(front, word.size())) == word;
}

std::string newline_of(std::string_view content) {
  return content.find("\r\n") != kNo ? "\r\n" : "\n";
}

bool already_says(const List& list) {
  const std::string lower = text::to_lower_ascii(list.content);
  return lower.find("superseded") != std::string::npos || lower.find("<!-- outdated?") != std::string::npos ||
         lower.find("obsolete") != std::string::npos;
}

Proposal below_title(const List& list, const std::string& words) {
  Proposal proposal;
  proposal.rule = "plan-outdated";
  proposal.certainty = Certainty::kSafe;
  proposal.line = std::max<std::size_t>(list.title_line, 1);
  proposal.symbol = list.title;
  const std::string end = newline_of(list.content);
  std::string insert = end + words + end;
  if (list.title_end > 0 && !std::string_view(list.content).substr(0, list.title_end).ends_with('\n'))
    insert = end + insert;
  proposal.edits = {{{list.title_end, list.title_end}, insert}};
  return proposal;
}

// The newest commit that touched any line of the plan.
std::int64_t touched(const Subject& subject) {
  std::int64_t newest = 0;
  for (const Commit& commit : subject.history.written(subject.list.path, subject.list.content))
    newest = std::max(newest, commit.time);
  return newest;
}

}  // namespace

void read_successors(const List& list, Successors& successors) {
  auto document = markdown::Document::parse(list.content);
  if (!document) return;
  for (const auto& link : document->links()) {
    if (link.image || link.kind == markdown::LinkKind::kDefinition || link.url.empty()) continue;
    const std::string_view line = document->text(document->line(link.place.line));
    if (!says(line, "supersedes")) continue;
    const std::string target = resolved(list.path, link.url);
    if (!target.empty() && target != list.path) successors.emplace(target, Successor{list.path, link.place.line});
  }
  for (const auto& span : document->code_spans()) {
    if (!says(document->text(document->line(span.place.line)), "supersedes")) continue;
    const std::string_view name = text::trim(document->text(span.content));
    for (const std::string& target : {resolved(list.path, name), std::string(name)}) {
      if (target != list.path && target.ends_with(".md"))
        successors.emplace(target, Successor{list.path, span.place.line});
    }
  }
}

void find_superseded(const Subject& subject, std::vector<Proposal>& out) {
  const List& list = subject.list;
  if (subject.successors == nullptr || list.title_line == 0 || already_says(list)) return;
  const auto found = subject.successors->find(list.path);
  if (found == subject.successors->end()) return;
  const Successor& by = found->second;
  // Two plans that supersede each other say nothing.
  const auto back = subject.successors->find(by.path);
  if (back != subject.successors->end() && back->second.path == list.path) return;
  const std::string path = relative(list.path, by.path);
  Proposal proposal = below_title(list, "> Superseded by [" + path + "](" + path + ").");
  proposal.message = "the plan is superseded by " + text::to_utf8(by.path);
  proposal.evidence = text::to_utf8(by.path) + ":" + std::to_string(by.line) + " says that it supersedes this plan";
  out.push_back(std::move(proposal));
}

void find_plans_without_subject(const Subject& subject, std::vector<Proposal>& out) {
  const List& list = subject.list;
  if (!is_plan(list.path) || list.title_line == 0 || already_says(list)) return;
  const bool works = std::any_of(list.tasks.begin(), list.tasks.end(), [](const Task& task) { return open(task); });
  const std::vector<Name> names = names_in(list.title_source);
  if (!works || names.empty() || !subject.history.known()) return;
  const auto& lines = subject.history.written(list.path, list.content);
  if (list.title_line > lines.size() || lines[list.title_line - 1].id.empty()) return;
  const Commit& written = lines[list.title_line - 1];
  std::string evidence;
  for (const Name& name : names) {
    const std::string one = gone_since(subject.history, name, written, touched(subject));
    if (one.empty()) return;
    evidence += (evidence.empty() ? "" : ", ") + one;
  }
  std::string mark = mark_text(Kind::kMarkdown, evidence);
  mark.replace(0, std::string_view(" <!-- stale?").size(), "<!-- outdated?");
  Proposal proposal = below_title(list, mark);
  proposal.message = "what the plan is about is gone from the code";
  proposal.evidence = evidence + "; nobody has touched the plan since";
  out.push_back(std::move(proposal));
}

}  // namespace daydream::tasks
