#include "case_actual.hpp"

#include <algorithm>
#include <sstream>

#include "case_text.hpp"
#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::testing {

namespace {

const Section* find(const std::vector<Section>& sections, const std::string& kind, const std::string& argument) {
  for (const auto& section : sections) {
    if (section.kind == kind && section.argument == argument) return &section;
  }
  return nullptr;
}

bool asks(const Case& one, const std::string& kind) {
  return find(one.sections, kind, "") != nullptr;
}

std::string lines_of(const std::vector<std::string>& lines) {
  std::string out;
  for (const auto& line : lines) out += line + "\n";
  return out;
}

// Files that `changed` has otherwise than `base`. An expectation of an unchanged file is kept.
void add_changes(std::vector<Section>& out, const Case& one, const FileMap& base, const FileMap& changed,
                 const std::string& kind, const std::string& removed_kind) {
  for (const auto& [path, content] : changed) {
    const auto before = base.find(path);
    const bool same = before != base.end() && before->second == content;
    if (!same || find(one.sections, kind, path) != nullptr) out.push_back(make_section(kind, path, content));
  }
  for (const auto& [path, content] : base) {
    if (changed.count(path) == 0) out.push_back(make_section(removed_kind, path, ""));
  }
}

std::string details(const Ledger& ledger) {
  std::vector<std::string> lines;
  for (const auto& [number, finding] : ledger.findings()) {
    json::Writer out;
    out.begin_object().field("rule", finding.rule).field("severity", finding.severity).field("safety", finding.safety);
    out.field("path", text::show_path(finding.path)).field("line", finding.line).field("column", finding.column);
    out.field("end_line", finding.end_line).field("symbol", finding.symbol).field("context", finding.context);
    out.field("message", finding.message).field("evidence", finding.evidence);
    out.field("suggestion", finding.suggestion).end_object();
    lines.push_back(out.take());
  }
  std::sort(lines.begin(), lines.end());
  return lines_of(lines);
}

std::string metrics(const Ledger& ledger) {
  std::ostringstream out;
  for (const auto& [name, value] : ledger.metrics()) out << name << ": " << value << "\n";
  return out.str();
}

void add_asked(std::vector<Section>& out, const Case& one, const Answer& answer, const Ledger& ledger) {
  if (asks(one, "details")) out.push_back(make_section("details", "", details(ledger)));
  if (asks(one, "memory")) {
    const std::vector<std::pair<std::string, std::string>> pairs(ledger.memory().begin(), ledger.memory().end());
    out.push_back(make_section("memory", "", write_pairs(pairs)));
  }
  if (asks(one, "metrics")) out.push_back(make_section("metrics", "", metrics(ledger)));
  for (const auto& section : one.sections) {
    const FileMap* files = section.kind == "put-output"   ? &ledger.outputs()
                           : section.kind == "state-file" ? &ledger.state_files()
                                                          : nullptr;
    if (files == nullptr) continue;
    const auto file = files->find(section.argument);
    if (file == files->end()) continue;
    const bool line_feed = section.kind == "put-output" && !file->second.ends_with('\n');
    out.push_back(make_section(section.kind, section.argument, file->second + (line_feed ? "\n" : "")));
  }
  if (asks(one, "printed")) out.push_back(make_section("printed", "", answer.printed));
  if (asks(one, "log")) out.push_back(make_section("log", "", lines_of(answer.log)));
}

// Findings are a set: their order says nothing.
std::string sorted_lines(const std::string& content) {
  std::vector<std::string> lines;
  for (const auto& line : text::split(content, '\n')) {
    const std::string collapsed = text::collapse_space(line);
    if (!collapsed.empty()) lines.push_back(collapsed);
  }
  std::sort(lines.begin(), lines.end());
  return lines_of(lines);
}

std::string title(const Section& section) {
  return "-- " + section.kind + (section.argument.empty() ? "" : " " + text::show_path(section.argument));
}

}  // namespace

std::vector<Section> actual_sections(const Case& one, const Answer& answer, const MemoryHost& host) {
  const Ledger& ledger = host.ledger();
  std::vector<Section> out;
  const std::string result = status_name(answer.status);
  const bool says_result = std::any_of(one.sections.begin(), one.sections.end(),
                                       [](const Section& section) { return section.kind == "result"; });
  if (result != "ok" || says_result) out.push_back(make_section("result", result, ""));
  if (asks(one, "explain")) out.push_back(make_section("explain", "", answer.code + ": " + answer.message + "\n"));
  const auto findings = host.finding_lines();
  if (!findings.empty() || asks(one, "findings")) out.push_back(make_section("findings", "", lines_of(findings)));
  add_changes(out, one, ledger.draft().base(), ledger.applied(), "after", "removed");
  add_changes(out, one, ledger.applied(), ledger.proposed(), "proposed", "proposed-removed");
  for (const auto& place : ledger.discarded()) {
    const bool repository = place.starts_with("repository/");
    out.push_back(make_section("discarded", repository ? place.substr(11) : place, ""));
  }
  for (const auto& [path, content] : ledger.archived()) out.push_back(make_section("archived", path, content));
  add_asked(out, one, answer, ledger);
  return out;
}

std::vector<std::string> compare_sections(const Case& one, const std::vector<Section>& actual) {
  std::vector<std::string> problems;
  for (const auto& section : one.sections) {
    if (!is_expectation(section.kind)) continue;
    const Section* found = find(actual, section.kind, section.argument);
    if (found == nullptr) {
      problems.push_back(title(section) + ": expected, but it did not happen\n");
      continue;
    }
    const bool set = section.kind == "findings" || section.kind == "details";
    const std::string expected = set ? sorted_lines(section.content) : section.content;
    const std::string got = set ? sorted_lines(found->content) : found->content;
    if (expected != got) problems.push_back(title(section) + " (- expected, + actual)\n" + diff(expected, got));
  }
  for (const auto& section : actual) {
    if (find(one.sections, section.kind, section.argument) != nullptr) continue;
    problems.push_back(title(section) + ": happened, but was not expected\n" + diff("", section.content));
  }
  return problems;
}

}  // namespace daydream::testing
