#include "report/causes.hpp"

#include <algorithm>
#include <set>

#include "daydream/kit/text.hpp"

namespace daydream::report {

namespace {

// A statement and what stands right above it, such as a comment.
constexpr int kNear = 3;

struct Placed {
  std::string step;
  const Finding* finding;
};

bool stands(const Finding& finding) {
  return !finding.path.empty() && finding.line > 0 && !finding.would_apply && finding.action != Action::kApplied &&
         finding.action != Action::kDeclined;
}

std::vector<Placed> placed_findings(const View& view) {
  std::vector<Placed> placed;
  for (const StepView& step : view.steps) {
    for (const Finding& finding : step.findings) {
      if (stands(finding)) placed.push_back({step.facts->id, &finding});
    }
  }
  std::stable_sort(placed.begin(), placed.end(), [](const Placed& left, const Placed& right) {
    if (left.finding->path != right.finding->path) return left.finding->path < right.finding->path;
    return left.finding->line < right.finding->line;
  });
  return placed;
}

}  // namespace

bool needs_a_person(const Finding& finding) {
  return finding.action == Action::kReported && !finding.would_apply && finding.severity != Severity::kInfo;
}

std::string place_of(const Finding& finding) {
  if (finding.path.empty()) return text::shorten(finding.message.empty() ? finding.symbol : finding.message, 80);
  std::string place = text::show_path(finding.path);
  if (finding.line > 0) place += ":" + std::to_string(finding.line);
  return place.find('`') == std::string::npos ? "`" + place + "`" : place;
}

std::vector<Cause> shared_causes(const View& view) {
  const std::vector<Placed> placed = placed_findings(view);
  std::vector<Cause> causes;
  for (std::size_t first = 0, end = 0; first < placed.size(); first = end) {
    std::set<std::string> steps;
    bool open = false;
    // Measured from the first of them, so that a file full of findings is not one cause.
    for (end = first; end < placed.size(); ++end) {
      const Finding& finding = *placed[end].finding;
      if (finding.path != placed[first].finding->path || finding.line > placed[first].finding->line + kNear) break;
      steps.insert(placed[end].step);
      open = open || needs_a_person(finding);
    }
    if (steps.size() < 2 || !open) continue;
    Cause cause;
    cause.steps = steps.size();
    for (std::size_t i = first; i < end; ++i) cause.parts.emplace_back(placed[i].step, placed[i].finding);
    std::stable_sort(cause.parts.begin(), cause.parts.end(), [](const auto& left, const auto& right) {
      return left.second->severity > right.second->severity;
    });
    causes.push_back(std::move(cause));
  }
  return causes;
}

}  // namespace daydream::report
