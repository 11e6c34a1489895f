#include "plugins/log_review/night/judgement.hpp"

#include <algorithm>
#include <unordered_map>

#include "daydream/kit/text.hpp"
#include "plugins/log_review/night/identity.hpp"
#include "plugins/log_review/night/statistics.hpp"

namespace daydream::logs {
namespace {

// Each token equal, or a value in the wider one. Spacing apart.
bool covers(std::string_view wide, std::string_view narrow) {
  while (!wide.empty() && !narrow.empty()) {
    const std::string_view left = wide.substr(0, wide.find('\n')), right = narrow.substr(0, narrow.find('\n'));
    if (left.size() < 2 || right.size() < 2) return false;
    if (left[1] != '*' && left.substr(1) != right.substr(1)) return false;
    wide.remove_prefix(std::min(wide.size(), left.size() + 1));
    narrow.remove_prefix(std::min(narrow.size(), right.size() + 1));
  }
  return wide.empty() && narrow.empty();
}

class Judge {
 public:
  Judge(const std::vector<Pattern>& patterns, const std::string& tonight, History& history)
      : patterns_(patterns), tonight_(tonight), history_(history), known_(history.patterns.size()) {
    for (std::size_t i = 0; i < known_; ++i) {
      const std::string& shape = history_.patterns[i].shape;
      by_size_[std::count(shape.begin(), shape.end(), '\n')].push_back(i);
    }
  }

  Judged run(const std::vector<SourceFigures>& sources) {
    merged_.assign(known_, false);
    for (const Pattern& pattern : patterns_) note(pattern);
    drop_merged();
    Judged judged;
    for (const Pattern& pattern : patterns_)
      judged.recurring += pattern.tally.count > 1 && !is_varied(pattern.text) ? 1 : 0;
    remark_new(judged);
    remark_rates(judged);
    remark_silence(sources, judged);
    std::stable_sort(judged.remarks.begin(), judged.remarks.end(), [](const Remark& left, const Remark& right) {
      if (left.severity != right.severity) return left.severity > right.severity;
      return left.count != right.count ? left.count > right.count : left.id < right.id;
    });
    return judged;
  }

 private:
  // The pattern of the history that this is; a new one where there is none.
  std::size_t known_as(const Pattern& pattern) {
    std::size_t found = SIZE_MAX;
    for (const std::uint32_t number : pattern.known) {
      if (found == SIZE_MAX || history_.patterns[number].first < history_.patterns[found].first) found = number;
    }
    if (found != SIZE_MAX) {
      for (const std::uint32_t number : pattern.known) absorb(found, number);
      return found;
    }
    for (const std::size_t i : by_size_[std::count(pattern.shape_text.begin(), pattern.shape_text.end(), '\n')]) {
      if (!merged_[i] && covers(history_.patterns[i].shape, pattern.shape_text)) return i;
    }
    KnownPattern fresh;
    fresh.id = pattern_id(pattern.text);
    fresh.first = tonight_;
    history_.patterns.push_back(std::move(fresh));
    return history_.patterns.size() - 1;
  }

  // Two patterns of the past that tonight's lines show to be one.
  void absorb(std::size_t into, std::size_t from) {
    if (into == from) return;
    for (const auto& [date, count] : history_.patterns[from].counts) history_.patterns[into].counts[date] += count;
    merged_[from] = true;
  }

  void note(const Pattern& pattern) {
    const std::size_t at = known_as(pattern);
    KnownPattern& known = history_.patterns[at];
    const bool wider =
        known.shape.empty() || std::find(pattern.known.begin(), pattern.known.end(), at) != pattern.known.end();
    if (wider) {
      known.shape = pattern.shape_text;
      known.text = text::shorten(text::mask(text::to_utf8(pattern.text)), 1000);
    }
    known.last = tonight_;
    known.counts[tonight_] += static_cast<double>(pattern.tally.count);
    pattern_of_[known.id] = &pattern;
  }

  void drop_merged() {
    std::vector<KnownPattern> kept;
    for (std::size_t i = 0; i < history_.patterns.size(); ++i) {
      if (i < known_ && merged_[i]) {
        history_.dropped.push_back(history_.patterns[i].id);
      } else {
        kept.push_back(std::move(history_.patterns[i]));
      }
    }
    history_.patterns = std::move(kept);
  }

  [[nodiscard]] const Pattern* tonight_of(const KnownPattern& known) const {
    const auto found = pattern_of_.find(known.id);
    return found == pattern_of_.end() ? nullptr : found->second;
  }

  Remark remark(Remark::Kind kind, const KnownPattern& known) const {
    Remark made;
    made.kind = kind;
    made.id = known.id;
    made.text = known.text;
    made.pattern = tonight_of(known);
    if (made.pattern != nullptr) made.severity = made.pattern->severity();
    const auto tonight = known.counts.find(tonight_);
    made.count = tonight == known.counts.end() ? 0 : tonight->second;
    return made;
  }

  // Few nights: only what calls itself an error. Later: warnings too.
  void remark_new(Judged& judged) const {
    const Severity least = history_.nights.size() < kNightsNeeded ? Severity::kError : Severity::kWarning;
    for (const KnownPattern& known : history_.patterns) {
      if (known.first != tonight_ || tonight_of(known) == nullptr) continue;
      Remark made = remark(Remark::Kind::kNew, known);
      if (made.severity >= least) judged.remarks.push_back(std::move(made));
    }
  }

  void remark_rates(Judged& judged) const {
    if (history_.nights.size() < kNightsNeeded) return;
    std::vector<Series> series;
    std::vector<const KnownPattern*> known_of;
    series.reserve(history_.patterns.size());
    known_of.reserve(history_.patterns.size());
    for (const KnownPattern& known : history_.patterns) {
      if (is_varied(known.text)) continue;  // how many could not be grouped says nothing: it may be all or none
      known_of.push_back(&known);
      const auto tonight = known.counts.find(tonight_);
      series.push_back(
          {history_.counts_of(known.counts, known.first), tonight == known.counts.end() ? 0 : tonight->second});
    }
    std::vector<int> weekdays;
    for (const std::string& night : history_.nights) weekdays.push_back(weekday_of(night));
    weekdays.push_back(weekday_of(tonight_));
    for (const Unusual& one : unusual(series, weekdays)) {
      const KnownPattern& known = *known_of[one.series];
      const bool more = series[one.series].today > one.expected;
      Remark made = remark(more ? Remark::Kind::kMore : Remark::Kind::kFewer, known);
      made.expected = one.expected;
      made.low = one.low;
      made.high = one.high;
      made.q = one.q;
      made.trend = series[one.series].history;
      judged.remarks.push_back(std::move(made));
    }
  }

  // A log that grew every night and did not tonight.
  void remark_silence(const std::vector<SourceFigures>& sources, Judged& judged) {
    for (const SourceFigures& source : sources)
      history_.sources[source.name][tonight_] += static_cast<double>(source.records);
    if (history_.nights.size() < kNightsNeeded) return;
    for (auto& [name, counts] : history_.sources) {
      if (counts.contains(tonight_) && counts[tonight_] > 0) continue;
      Remark made;
      for (std::size_t i = history_.nights.size() - kNightsNeeded; i < history_.nights.size(); ++i) {
        const auto found = counts.find(history_.nights[i]);
        made.trend.push_back(found == counts.end() ? 0 : found->second);
      }
      if (std::any_of(made.trend.begin(), made.trend.end(), [](double count) { return count < 1; })) continue;
      made.kind = Remark::Kind::kSilent;
      made.id = name;
      made.text = name;
      made.severity = Severity::kWarning;
      judged.remarks.push_back(std::move(made));
    }
  }

  const std::vector<Pattern>& patterns_;
  const std::string& tonight_;
  History& history_;
  std::size_t known_;
  std::vector<bool> merged_;
  std::unordered_map<std::ptrdiff_t, std::vector<std::size_t>> by_size_;
  std::unordered_map<std::string, const Pattern*> pattern_of_;
};

}  // namespace

Judged judge(const std::vector<Pattern>& patterns, const std::vector<SourceFigures>& sources,
             const std::string& tonight, History& history) {
  return Judge(patterns, tonight, history).run(sources);
}

}  // namespace daydream::logs
