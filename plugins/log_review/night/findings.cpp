#include "plugins/log_review/night/findings.hpp"

#include <cmath>
#include <cstdio>

#include "daydream/kit/text.hpp"

namespace daydream::logs {
namespace {

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.0f", value);
  return text;
}

std::string shown(std::string_view foreign, std::size_t most) {
  return text::shorten(text::collapse_space(text::mask(text::to_utf8(foreign))), most);
}

std::string sample(std::string_view what, const Tally& tally, const Place& place, const Speech& speech) {
  const std::string& file = (*speech.files)[place.file];
  return std::string(what) + " " + file + ":" + std::to_string(place.line) + " (byte " + std::to_string(place.offset) +
         ")" + (tally.sample.empty() ? "" : ": " + shown(tally.sample, 300));
}

std::string samples(const Remark& remark, const Speech& speech) {
  if (remark.pattern == nullptr) return "";
  const Tally& all = remark.pattern->tally;
  std::string text = sample("first", all, all.first, speech);
  const Tally& odd = remark.pattern->rarest;
  if (odd.sample != all.sample) text += "; rarest " + sample("", odd, odd.first, speech).substr(1);
  if (all.count > 1) {
    text += "; last " + (*speech.files)[all.last.file] + ":" + std::to_string(all.last.line) + " (byte " +
            std::to_string(all.last.offset) + ")";
  }
  return text;
}

std::string trend(const std::vector<double>& counts) {
  std::string text;
  const std::size_t from = counts.size() > 14 ? counts.size() - 14 : 0;
  for (std::size_t i = from; i < counts.size(); ++i) text += (text.empty() ? "" : " ") + number(counts[i]);
  return text;
}

std::string message_of(const Remark& remark) {
  const std::string count = number(remark.count);
  const std::string range =
      number(remark.expected) + " expected, 90 % range " + number(remark.low) + " to " + number(remark.high);
  if (is_varied(remark.text)) {
    const std::string severity(remark.severity == Severity::kUnknown ? ""
                                                                     : std::string(name_of(remark.severity)) + " ");
    if (remark.count == 1) return "1 " + severity + "message could not be grouped";
    return count + " " + severity + "messages could not be grouped: nearly every one is different";
  }
  switch (remark.kind) {
    case Remark::Kind::kNew: {
      const std::string times = remark.count == 1 ? "once" : count + " times";
      return "new " + std::string(name_of(remark.severity)) + ", " + times + ": " + shown(remark.text, 300);
    }
    case Remark::Kind::kMore:
      return count + " against " + range + ": " + shown(remark.text, 300);
    case Remark::Kind::kFewer:
      return "only " + count + " against " + range + ": " + shown(remark.text, 300);
    case Remark::Kind::kSilent:
      return "nothing was written tonight to " + shown(remark.text, 300) + ", which grew every night before";
  }
  return "";
}

std::string evidence_of(const Remark& remark, const Statement& statement, const Speech& speech) {
  std::string text = samples(remark, speech);
  auto add = [&text](const std::string& words) { text += (text.empty() ? "" : ". ") + words; };
  if (!remark.trend.empty()) add("earlier nights: " + trend(remark.trend));
  if (remark.kind == Remark::Kind::kMore || remark.kind == Remark::Kind::kFewer) {
    char q[32];
    std::snprintf(q, sizeof q, "q = %.1g", remark.q);
    add(q);
  }
  if (remark.kind == Remark::Kind::kNew && speech.nights == 0) add("first night: there is nothing to compare with");
  if (remark.kind == Remark::Kind::kNew && speech.nights > 0 && speech.nights < 7) {
    add(std::to_string(speech.nights) + " nights of history: rates are judged from the seventh on");
  }
  if (statement.others > 0) add(std::to_string(statement.others) + " more statements read so");
  return text;
}

std::string suggestion_of(const Remark& remark, const Statement& statement) {
  if (remark.kind == Remark::Kind::kSilent) return "see whether the process that writes it still runs";
  std::string text;
  if (!statement.path.empty())
    text = "the statement is " + text::show_path(statement.path) + ":" + std::to_string(statement.line) + "; ";
  if (remark.kind == Remark::Kind::kNew)
    return text + "if it is meant to be, nothing need be done: it is known from tomorrow on";
  return text + "tomorrow about " + number(remark.expected) + " are expected";
}

}  // namespace

sdk::Finding finding_of(const Remark& remark, const Statement& statement, const Speech& speech) {
  sdk::Finding finding;
  finding.rule = remark.kind == Remark::Kind::kNew ? "log-new-pattern" : "log-anomaly";
  finding.severity = remark.severity >= Severity::kError     ? sdk::Severity::kError
                     : remark.severity == Severity::kWarning ? sdk::Severity::kWarning
                                                             : sdk::Severity::kInfo;
  if (remark.kind == Remark::Kind::kMore && finding.severity == sdk::Severity::kInfo)
    finding.severity = sdk::Severity::kWarning;
  finding.safety = sdk::Safety::kInfo;
  finding.path = statement.path;
  finding.line = statement.line;
  finding.symbol = shown(remark.id, 200);
  constexpr const char* kContexts[] = {"new", "more", "fewer", "silent"};
  finding.context = kContexts[static_cast<int>(remark.kind)];
  finding.message = message_of(remark);
  finding.evidence = evidence_of(remark, statement, speech);
  finding.suggestion = suggestion_of(remark, statement);
  return finding;
}

sdk::Finding folded(const std::vector<Remark>& rest) {
  sdk::Finding finding;
  finding.rule = "log-more";
  finding.severity = sdk::Severity::kInfo;
  finding.safety = sdk::Safety::kInfo;
  finding.context = "folded";
  finding.message = std::to_string(rest.size()) + " more patterns are new or out of the ordinary";
  for (std::size_t i = 0; i < rest.size() && i < 20; ++i) {
    finding.evidence += (i == 0 ? "" : "; ") + shown(message_of(rest[i]), 160);
  }
  return finding;
}

}  // namespace daydream::logs
