#include "plugins/docs_update/examine.hpp"

#include <algorithm>
#include <set>

#include "daydream/kit/text.hpp"
#include "plugins/docs_update/rules/rules.hpp"

namespace daydream::docs {
namespace {

// The options, and nothing said in a form that could do harm.
void settle(const Settings& settings, std::vector<Finding>& findings) {
  std::erase_if(findings, [&](const Finding& finding) { return settings.mode(finding.rule) == RuleMode::kOff; });
  for (Finding& finding : findings) {
    if (settings.mode(finding.rule) == RuleMode::kReport) {
      finding.edits.clear();
      finding.safety = sdk::Safety::kInfo;
    }
    for (std::string* const words : {&finding.message, &finding.suggestion, &finding.symbol, &finding.evidence}) {
      *words = text::shorten(text::mask(text::to_utf8(*words)), 1000);
    }
  }
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return a.line != b.line ? a.line < b.line : a.column < b.column;
  });
}

// Anchors in a table of contents that is written anew.
void drop_mended(std::vector<Finding>& findings) {
  const auto table = std::find_if(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.rule == "outdated-contents" && finding.safety == sdk::Safety::kSafe;
  });
  if (table == findings.end()) return;
  const std::uint32_t first = table->line;
  const std::uint32_t last = table->end_line;
  std::erase_if(findings, [&](const Finding& finding) {
    return (finding.rule == "missing-anchor" || finding.rule == "anchor-case") && finding.line >= first &&
           finding.line <= last;
  });
}

// Two rules that would edit the same place: the first keeps its edit.
void part_edits(std::vector<Finding>& findings) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> taken;
  for (Finding& finding : findings) {
    const bool clash = std::any_of(finding.edits.begin(), finding.edits.end(), [&](const Edit& edit) {
      return std::any_of(taken.begin(), taken.end(),
                         [&](const auto& other) { return edit.begin < other.second && other.first < edit.end; });
    });
    if (clash) {
      finding.edits.clear();
      finding.safety = sdk::Safety::kInfo;
      continue;
    }
    for (const Edit& edit : finding.edits) taken.emplace_back(edit.begin, edit.end);
  }
}

// One for each page that is edited, which carries an edit that is there already: so the number of pages in
// the report is that of pages changed.
void summarise(std::vector<Finding>& findings) {
  std::size_t edits = 0;
  const Finding* first = nullptr;
  std::set<std::string> rules;
  for (const Finding& finding : findings) {
    if (finding.safety != sdk::Safety::kSafe || finding.edits.empty()) continue;
    // Two insertions at one place would both be made: the shared edit replaces bytes.
    const Edit& edit = finding.edits.front();
    if (first == nullptr && edit.end > edit.begin) first = &finding;
    rules.insert(finding.rule);
    ++edits;
  }
  if (first == nullptr) return;
  Finding summary;
  summary.rule = "outdated-page";
  summary.severity = sdk::Severity::kInfo;
  summary.safety = sdk::Safety::kSafe;
  summary.line = first->line;
  summary.context = "page";
  summary.message = std::to_string(edits) + (edits == 1 ? " place" : " places") + " of this page brought up to date (" +
                    text::join({rules.begin(), rules.end()}, ", ") + ")";
  summary.evidence = "see the findings of this page";
  summary.edits = {first->edits.front()};
  findings.push_back(std::move(summary));
}

}  // namespace

bool examine(Survey& survey, Findings& findings) {
  for (const auto rule : {&check_contents, &check_links, &check_labels, &check_names, &check_references, &check_flags,
                          &check_routes, &check_examples, &check_blocks, &check_deprecations}) {
    if (!rule(survey, findings)) return false;
  }
  for (const auto& [path, page] : survey.pages()) {
    if (page.skipped.empty()) continue;
    Finding finding;
    finding.rule = "not-examined";
    finding.severity = sdk::Severity::kInfo;
    finding.message = "not examined: " + page.skipped;
    findings[path].push_back(std::move(finding));
  }
  for (auto& [path, of_page] : findings) {
    settle(survey.settings(), of_page);
    drop_mended(of_page);
    part_edits(of_page);
    summarise(of_page);
  }
  std::erase_if(findings, [](const auto& entry) { return entry.second.empty(); });
  return true;
}

}  // namespace daydream::docs
