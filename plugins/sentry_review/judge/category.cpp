#include "plugins/sentry_review/judge/category.hpp"

#include <algorithm>

namespace daydream::sentry {
namespace {

constexpr std::array<int, 4> kPriorityFrom{14, 11, 8, 5};  // P0..P3; below: P4

int novelty_points(Novelty novelty) {
  switch (novelty) {
    case Novelty::kRegressed:
      return 2;
    case Novelty::kNew:
    case Novelty::kUndecided:
    case Novelty::kReturned:
      return 1;
    default:
      return 0;
  }
}

Weight severity_of(const Facts& facts) {
  if (facts.rule_class == "noise") return Weight::kInfo;
  Weight weight = Weight::kMedium;
  if (facts.level == "fatal") {
    weight = Weight::kCritical;
  } else if (facts.level == "warning") {
    weight = Weight::kLow;
  } else if (facts.level == "info" || facts.level == "debug" || facts.level == "sample") {
    weight = Weight::kInfo;
  } else if (facts.unhandled) {
    weight = Weight::kHigh;
  }
  const bool raised = facts.rule_class == "outage" && weight >= Weight::kLow && weight < Weight::kCritical;
  return raised ? static_cast<Weight>(static_cast<int>(weight) + 1) : weight;
}

}  // namespace

std::string_view name_of(Weight weight) {
  constexpr std::array<std::string_view, 5> kNames{"info", "low", "medium", "high", "critical"};
  return kNames[static_cast<std::size_t>(weight)];
}

int bin_of(std::int64_t number) {
  int bin = 0;
  for (const std::int64_t from : {1, 2, 10, 100, 1000}) bin += number >= from ? 1 : 0;
  return bin;
}

std::string_view bin_name(int bin) {
  constexpr std::array<std::string_view, 6> kNames{"0", "1", "2-9", "10-99", "100-999", "1000+"};
  return kNames[static_cast<std::size_t>(std::clamp(bin, 0, 5))];
}

Category categorise(const Facts& facts) {
  Category category;
  category.severity = severity_of(facts);
  category.frequency = bin_of(facts.events);
  const int users = std::max(0, bin_of(facts.users) - 1);
  const int often = std::max(0, category.frequency - 1);
  category.score =
      2 * static_cast<int>(category.severity) + often + users + novelty_points(facts.novelty) + facts.trend.points();
  const auto* place =
      std::find_if(kPriorityFrom.begin(), kPriorityFrom.end(), [&](int from) { return category.score >= from; });
  category.priority = static_cast<int>(place - kPriorityFrom.begin());
  const std::string frequency(facts.events_known ? bin_name(category.frequency) : "unknown");
  category.words = "P" + std::to_string(category.priority) + ": severity " + std::string(name_of(category.severity)) +
                   ", frequency " + frequency;
  category.reasons =
      "level " + (facts.level.empty() ? "not said" : facts.level) + (facts.unhandled ? ", unhandled" : "");
  if (facts.rule_class == "outage") category.reasons += ", of a kind that stops a service";
  if (facts.rule_class == "noise") category.reasons += ", of a kind that harms nobody";
  if (facts.events_known)
    category.reasons += "; " + std::to_string(facts.events) + (facts.events == 1 ? " event" : " events");
  category.reasons += ", " + std::to_string(facts.users) + (facts.users == 1 ? " user" : " users");
  if (facts.trend.kind != Trend::Kind::kUnknown) category.reasons += "; " + facts.trend.words;
  return category;
}

}  // namespace daydream::sentry
