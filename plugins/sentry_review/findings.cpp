#include "plugins/sentry_review/findings.hpp"

#include <algorithm>

#include "daydream/kit/text.hpp"
#include "plugins/sentry_review/read/clean.hpp"

namespace daydream::sentry {
namespace {

constexpr std::size_t kTitle = 160;
constexpr std::size_t kEvidence = 900;

std::string_view rule_of(Said said) {
  switch (said) {
    case Said::kNew:
      return "error-new";
    case Said::kRegressed:
      return "error-regressed";
    case Said::kResolved:
      return "error-resolved";
    default:
      return "error-recurring";
  }
}

// Text of an event beside our own words: a backtick in it must not open code.
std::string quoted(std::string words) {
  std::replace(words.begin(), words.end(), '`', '\'');
  return words;
}

sdk::Severity severity_of(const Judged& judged) {
  if (judged.said == Said::kResolved || judged.category.severity == Weight::kInfo) return sdk::Severity::kInfo;
  if (judged.said == Said::kRegressed) return sdk::Severity::kError;
  const bool grave = judged.category.severity >= Weight::kHigh;
  const bool escalating = judged.category.reasons.find("escalating") != std::string::npos;
  if (judged.said == Said::kNew && grave) return sdk::Severity::kError;
  return escalating && grave ? sdk::Severity::kError : sdk::Severity::kWarning;
}

std::string evidence_of(const Spoken& spoken) {
  const Judged& judged = spoken.judged;
  std::string words = judged.history;
  if (!judged.category.reasons.empty()) words += "; " + judged.category.reasons;
  if (!judged.release.empty()) words += "; release " + judged.release;
  if (!spoken.place.path.empty()) {
    words += "; frame" + (spoken.place.function.empty() ? "" : " in " + spoken.place.function) + ": " +
             spoken.place.evidence;
  } else if (!spoken.place.candidates.empty()) {
    words += "; its file is not certain: " + text::join(spoken.place.candidates, " or ");
  }
  if (!judged.permalink.empty()) words += "; " + judged.permalink;
  return text::shorten(quoted(words), kEvidence);
}

}  // namespace

Urgency urgency_of(const Judged& judged) {
  const int news = judged.said == Said::kRegressed   ? 0
                   : judged.said == Said::kNew       ? 1
                   : judged.said == Said::kRecurring ? 2
                                                     : 3;
  return {news, -judged.category.score, -judged.events};
}

sdk::Finding finding_of(const Spoken& spoken) {
  const Judged& judged = spoken.judged;
  sdk::Finding finding;
  finding.rule = std::string(rule_of(judged.said));
  finding.severity = severity_of(judged);
  finding.safety = sdk::Safety::kInfo;
  finding.path = spoken.place.path;
  finding.line = spoken.place.line;
  finding.symbol = judged.entry.name;
  finding.context = "fingerprint " + judged.entry.key;
  const std::string title =
      text::shorten(quoted(judged.title.empty() ? "an error without a title" : judged.title), kTitle);
  finding.message = judged.entry.name + " " + title;
  finding.message += judged.said == Said::kResolved
                         ? " (" + judged.history + ")"
                         : " (" + judged.category.words + (judged.brief.empty() ? "" : "; " + judged.brief) + ")";
  finding.evidence = evidence_of(spoken);
  if (judged.said != Said::kResolved && !spoken.suggestion.rule.empty()) {
    finding.suggestion = spoken.suggestion.diagnosis + ": " + spoken.suggestion.fix;
  }
  return finding;
}

std::optional<sdk::Finding> fix_of(const Spoken& spoken) {
  if (spoken.suggestion.rule.empty() || spoken.judged.said == Said::kResolved) return std::nullopt;
  sdk::Finding finding;
  finding.rule = "suggested-fix";
  finding.severity = sdk::Severity::kInfo;
  finding.safety = sdk::Safety::kInfo;
  finding.path = spoken.place.path;
  finding.line = spoken.place.line;
  finding.symbol = spoken.judged.entry.name;
  finding.context = "fingerprint " + spoken.judged.entry.key + " " + spoken.suggestion.rule;
  finding.message = spoken.judged.entry.name + " " + spoken.suggestion.fix;
  finding.evidence = quoted(spoken.suggestion.diagnosis + " (rule " + spoken.suggestion.rule + ": " +
                            spoken.suggestion.evidence + ")");
  finding.suggestion = spoken.suggestion.fix;
  return finding;
}

sdk::Finding incomplete(const std::vector<std::string>& gaps, std::uint64_t issues) {
  sdk::Finding finding;
  finding.rule = "review-incomplete";
  finding.severity = sdk::Severity::kError;
  finding.safety = sdk::Safety::kInfo;
  finding.context = "sentry review";
  finding.message = "Sentry review is incomplete: read " + std::to_string(issues) +
                    (issues == 1 ? " issue" : " issues") + "; missing: " + text::shorten(gaps.front(), 300);
  if (gaps.size() > 1) finding.message += " and " + std::to_string(gaps.size() - 1) + " more";
  finding.evidence = text::shorten(text::join(gaps, "; "), kEvidence);
  finding.suggestion =
      "Run the step again when the cause is gone: the next night reads from where the last whole one ended.";
  return finding;
}

}  // namespace daydream::sentry
