#include "plugins/sentry_review/judge/verdict.hpp"

#include <algorithm>

#include "plugins/sentry_review/read/time.hpp"

namespace daydream::sentry {
namespace {

constexpr Millis kDay = 24LL * 3600 * 1000;
constexpr std::size_t kMostReleases = 8;
constexpr std::size_t kMostAliases = 32;
constexpr std::size_t kMostCounts = 14;
constexpr std::string_view kQuiet = "no event for ";

template <class T>
void keep_last(std::vector<T>& list, std::size_t most) {
  if (list.size() > most) list.erase(list.begin(), list.end() - static_cast<std::ptrdiff_t>(most));
}

void remember(std::vector<std::string>& list, const std::string& item, std::size_t most) {
  if (item.empty() || std::find(list.begin(), list.end(), item) != list.end()) return;
  list.push_back(item);
  keep_last(list, most);
}

std::string days(Millis span) {
  const Millis count = std::max<Millis>(1, span / kDay);
  return std::to_string(count) + (count == 1 ? " day" : " days");
}

int level_rank(const std::string& level) {
  constexpr std::string_view kOrder[] = {"debug", "sample", "info", "warning", "error", "fatal"};
  const auto* found = std::find(std::begin(kOrder), std::end(kOrder), level);
  return found == std::end(kOrder) ? -1 : static_cast<int>(found - std::begin(kOrder));
}

// The issues of a group as one.
struct Sum {
  std::int64_t count = 0, users = 0, total = 0;
  bool count_known = false, window = true;  // window: `count` is of tonight alone
  bool unhandled = false, escalating = false, regressed = false;
  Millis first = 0, last = 0;
  Status status = Status::kIgnored;
  std::string level, release, commit, permalink;
  Fix fix;
};

void add_issue(Sum& sum, const Issue& issue, const Night& night, bool first) {
  sum.count += issue.count;
  sum.count_known = sum.count_known || issue.count_known;
  sum.total += issue.lifetime_count != 0 ? issue.lifetime_count : issue.count;
  sum.window = sum.window && (issue.lifetime_count != 0 || issue.first_seen >= night.start);
  sum.users = std::max(sum.users, issue.users);  // they may be the same people
  sum.unhandled = sum.unhandled || issue.unhandled.value_or(false);
  sum.escalating = sum.escalating || issue.substatus == "escalating";
  sum.regressed = sum.regressed || issue.substatus == "regressed";
  if (issue.first_seen != 0 && (sum.first == 0 || issue.first_seen < sum.first)) sum.first = issue.first_seen;
  sum.last = std::max(sum.last, issue.last_seen);
  // Open if one of them is, else resolved if one of them is.
  if (first || issue.status == Status::kUnresolved ||
      (issue.status == Status::kResolved && sum.status == Status::kIgnored)) {
    if (first || sum.status != Status::kUnresolved) sum.status = issue.status;
  }
  if (level_rank(issue.level) > level_rank(sum.level) || sum.level.empty()) sum.level = issue.level;
  if (sum.release.empty()) sum.release = issue.last_release;
  if (sum.permalink.empty() && issue.permalink.starts_with("https://")) sum.permalink = issue.permalink;
  if (issue.fix.when >= sum.fix.when && !issue.fix.empty()) sum.fix = issue.fix;
}

Sum sum_of(const Group& group, const Night& night) {
  Sum sum;
  for (std::size_t i = 0; i < group.issues.size(); ++i) add_issue(sum, *group.issues[i], night, i == 0);
  if (group.event == nullptr) return sum;
  const Event& event = *group.event;
  if (!event.release.empty()) sum.release = event.release;
  sum.commit = event.release_commit;
  for (const Exception& exception : event.exceptions)
    sum.unhandled = sum.unhandled || !exception.handled.value_or(true);
  if (sum.level.empty()) sum.level = event.level;
  sum.last = std::max(sum.last, event.when);
  return sum;
}

// Events of tonight; where only a total is told, what it grew by since the night before.
std::int64_t events_tonight(Sum& sum, const Standing* before) {
  if (sum.window || before == nullptr || before->total == 0 || sum.total <= before->total) return sum.count;
  sum.window = true;
  return sum.total - before->total;
}

struct History {
  Novelty novelty = Novelty::kRecurring;
  Said said = Said::kRecurring;
  std::string words;
  std::string brief;            // for the message; "" = nothing that the rule's name does not say
  bool still_resolved = false;  // the fix stands: only builds without it show the error
};

// It was resolved, or the server calls it regressed, and here it is.
History came_back(const Group& group, const Sum& sum, const Standing* before, Releases& releases, Fix& fix) {
  if (before != nullptr && before->state == State::kResolved && before->cause.starts_with(kQuiet)) {
    return {Novelty::kReturned, Said::kRecurring, "back after " + before->cause, "back after a silence", false};
  }
  if (fix.empty() && !group.issues.empty()) fix.commit = releases.fix_named(group.issues.front()->short_id);
  static const std::vector<std::string> kNone;
  const bool resolved_here = before != nullptr && before->state == State::kResolved;
  const Verdict verdict = releases.contains_fix(sum.release, sum.commit, fix, resolved_here ? before->releases : kNone);
  const std::string was = resolved_here ? "was resolved (" + before->cause + ")" : "the server calls it regressed";
  switch (verdict.contains) {
    case Contains::kYes:
      return {Novelty::kRegressed, Said::kRegressed, "regressed: " + was + "; " + verdict.why, "", false};
    case Contains::kNo:
      return {Novelty::kRecurring, Said::kRecurring,
              "an old build still runs, no regression: " + was + "; " + verdict.why, "an old build still runs",
              resolved_here};
    default:
      return {Novelty::kUndecided, Said::kRecurring, "undecided whether it regressed: " + was + "; " + verdict.why,
              "undecided whether it regressed", false};
  }
}

History history_of(const Group& group, const Sum& sum, const Night& night, const Standing* before, Releases& releases,
                   Fix& fix) {
  const bool resolved = before != nullptr && before->state == State::kResolved;
  if (resolved || sum.regressed) return came_back(group, sum, before, releases, fix);
  const std::string since = sum.first == 0 ? "" : ", first seen " + format_time(sum.first);
  if (before == nullptr && sum.first >= night.start) return {Novelty::kNew, Said::kNew, "new" + since, "", false};
  if (before == nullptr && sum.first == 0) {
    return {Novelty::kNew, Said::kNew, "new to this review; the server gives no date", "", false};
  }
  if (group.under_new_id) {
    return {Novelty::kReturned, Said::kRecurring, "known, returned under a new id" + since, "under a new id", false};
  }
  if (sum.last != 0 && sum.last < night.start) {
    return {Novelty::kQuiet, Said::kRecurring, "recurring, quiet since " + format_time(sum.last) + since, "", false};
  }
  return {Novelty::kRecurring, Said::kRecurring, "recurring" + since, "", false};
}

Standing next_standing(const Sum& sum, const Night& night, const Standing* before, std::int64_t events) {
  Standing next = before != nullptr ? *before : Standing{};
  if (sum.first != 0 && (next.first_seen == 0 || sum.first < next.first_seen)) next.first_seen = sum.first;
  next.last_seen = std::max(next.last_seen, sum.last);
  next.total = std::max(next.total, sum.total);
  remember(next.releases, sum.release, kMostReleases);
  if (sum.window && sum.count_known) {
    const Millis missed = next.updated == 0 ? 0 : (night.start - next.updated) / kDay;
    for (Millis day = 0; day < std::min<Millis>(missed, kMostCounts); ++day) next.counts.push_back(0);
    const double length = std::max(1.0, static_cast<double>(night.end - night.start) / static_cast<double>(kDay));
    next.counts.push_back(static_cast<double>(events) / length);
    keep_last(next.counts, kMostCounts);
  }
  next.updated = night.end;
  return next;
}

std::vector<double> scaled(const Standing* before, const Night& night) {
  if (before == nullptr) return {};
  std::vector<double> counts = before->counts;
  const double length = std::max(1.0, static_cast<double>(night.end - night.start) / static_cast<double>(kDay));
  for (double& count : counts) count *= length;
  return counts;
}

Entry next_entry(const Group& group, const Night& night, const Standing* before) {
  Entry entry = group.entry != nullptr ? *group.entry : Entry{};
  entry.key = group.key;
  if (entry.coarse.empty()) entry.coarse = group.coarse;
  entry.fine = entry.fine || group.fine;
  // The first issue of the group, in the order of the server's ids, names it for good.
  std::vector<const Issue*> by_id = group.issues;
  std::sort(by_id.begin(), by_id.end(), [](const Issue* a, const Issue* b) {
    return a->id.size() != b->id.size() ? a->id.size() < b->id.size() : a->id < b->id;
  });
  if (entry.name.empty()) entry.name = by_id.front()->name();
  if (entry.title.empty()) entry.title = by_id.front()->title;
  for (const Issue* issue : by_id) remember(entry.aliases, alias_of(*issue), kMostAliases);
  entry.run = night.run;
  entry.stamp = night.stamp;
  entry.before = before != nullptr ? std::optional<Standing>(*before) : std::nullopt;
  return entry;
}

std::string cause_of(const Fix& fix) {
  if (!fix.commit.empty()) return "the server: in commit " + fix.commit.substr(0, 12);
  if (!fix.release.empty()) return "the server: in release " + fix.release;
  if (!fix.after_release.empty()) return "the server: in the release after " + fix.after_release;
  return "the server";
}

// An issue that the server calls resolved.
void judge_resolved(Judged& judged, const Sum& sum, const Night& night, const Standing* before) {
  Standing& now = judged.entry.now;
  const bool news = before == nullptr ? sum.last >= night.start && sum.last != 0 : before->state == State::kOpen;
  if (before == nullptr || before->state != State::kResolved)
    now.resolved = sum.fix.when != 0 ? sum.fix.when : night.end;
  now.state = State::kResolved;
  now.fix = !sum.fix.empty() ? sum.fix : now.fix;
  now.cause = cause_of(now.fix);
  if (!news) return;
  judged.said = Said::kResolved;
  judged.history = "resolved by " + now.cause + (sum.last == 0 ? "" : ", last seen " + format_time(sum.last));
}

}  // namespace

Judged judge(const Group& group, const Night& night, Releases& releases, const Suggestion& suggestion) {
  Judged judged;
  const Standing* before = group.entry != nullptr ? group.entry->known_before(night.run) : nullptr;
  Sum sum = sum_of(group, night);
  judged.events = events_tonight(sum, before);
  judged.entry = next_entry(group, night, before);
  judged.entry.now = next_standing(sum, night, before, judged.events);
  judged.title = group.issues.front()->title;
  judged.level = sum.level.empty() ? "error" : sum.level;
  judged.permalink = sum.permalink;
  judged.release = sum.release;
  if (sum.status == Status::kIgnored) {
    judged.entry.now.state = State::kIgnored;
    return judged;
  }
  if (sum.status == Status::kResolved) {
    judge_resolved(judged, sum, night, before);
    return judged;
  }
  if (!group.in_scope) return judged;
  Fix fix = !sum.fix.empty() ? sum.fix : before != nullptr ? before->fix : Fix{};
  const History history = history_of(group, sum, night, before, releases, fix);
  judged.said = history.said;
  judged.history = history.words;
  judged.brief = history.brief;
  Standing& now = judged.entry.now;
  now.fix = fix;
  if (history.still_resolved) {
    now.releases = before->releases;
  } else {
    now.state = State::kOpen;
    now.cause.clear();
  }
  const Trend trend =
      trend_of(judged.events, sum.window ? scaled(before, night) : std::vector<double>{}, sum.escalating);
  judged.category = categorise({judged.level, sum.unhandled, suggestion.rule_class, judged.events, sum.users,
                                sum.count_known, history.novelty, trend});
  if (!sum.window && sum.count_known) judged.category.reasons += "; events counted over its whole life";
  return judged;
}

std::optional<Judged> judge_absent(const Entry& entry, const Night& night, Releases& releases) {
  const Standing* before = entry.known_before(night.run);
  if (before == nullptr || before->state != State::kOpen || before->last_seen == 0) return std::nullopt;
  Judged judged;
  judged.entry = entry;
  judged.entry.run = night.run;
  judged.entry.stamp = night.stamp;
  judged.entry.before = *before;
  judged.entry.now = *before;
  judged.title = entry.title;
  Standing& now = judged.entry.now;
  const std::string commit = releases.fix_named(entry.name);
  if (!commit.empty() && commit != before->fix.commit) {
    now.fix = Fix{"", "", commit, night.end};
    now.cause = "commit " + commit.substr(0, 12) + " says that it fixes " + entry.name;
  } else if (before->last_seen + night.quiet_after <= night.end) {
    now.cause = std::string(kQuiet) + days(night.end - before->last_seen);
  } else {
    return std::nullopt;
  }
  now.state = State::kResolved;
  now.resolved = night.end;
  judged.said = Said::kResolved;
  judged.history = "resolved: " + now.cause + ", last seen " + format_time(before->last_seen);
  return judged;
}

}  // namespace daydream::sentry
