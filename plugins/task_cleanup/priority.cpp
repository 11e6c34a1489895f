#include "plugins/task_cleanup/priority.hpp"

#include <algorithm>
#include <cstdio>

#include "daydream/kit/text.hpp"
#include "plugins/task_cleanup/subjects.hpp"

namespace daydream::tasks {
namespace {

constexpr std::int64_t kOne = 1000;
constexpr std::int64_t kStep = 8 * kOne;

bool is_open(const Task& task) {
  return task.state == State::kOpen || task.state == State::kActive;
}

bool shares(const std::vector<std::string>& some, const std::unordered_set<std::string>& all) {
  return std::any_of(some.begin(), some.end(), [&](const std::string& each) { return all.contains(each); });
}

// The innermost heading says it.
bool heading_says(const Task& task, std::initializer_list<std::string_view> words) {
  const std::size_t last = task.heading.rfind(" > ");
  const std::string heading = text::to_lower_ascii(
      last == std::string::npos ? std::string_view(task.heading) : std::string_view(task.heading).substr(last + 3));
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return heading.find(word) != std::string::npos; });
}

std::string thousandths(std::int64_t value) {
  char out[48];
  const std::int64_t size = value < 0 ? -value : value;
  std::snprintf(out, sizeof out, "%s%lld.%03lld", value < 0 ? "-" : "", static_cast<long long>(size / kOne),
                static_cast<long long>(size % kOne));
  return out;
}

std::int64_t hot_value(const Task& task, const Surroundings& around) {
  if (around.heat == nullptr || around.heat->empty()) return 0;
  constexpr std::int64_t kFresh = 5;  // so many commits of today are all there is
  std::int64_t most = 0;
  for (const Name& name : names_in(task.text)) {
    const auto found = name.path ? around.heat->find(name.text) : around.heat->end();
    if (found != around.heat->end()) most = std::max(most, found->second / kFresh);
  }
  return std::min(most, kOne);
}

std::int64_t severity_value(const Task& task, const Surroundings& around) {
  if (around.severities == nullptr || around.severities->empty()) return 0;
  std::int64_t most = 0;
  for (const Name& name : names_in(task.text)) {
    const auto found = name.path ? around.severities->find(name.text) : around.severities->end();
    if (found != around.severities->end()) most = std::max<std::int64_t>(most, found->second);
  }
  return most;
}

}  // namespace

std::int64_t due_value(std::int64_t days_overdue) {
  if (days_overdue >= 7) return kOne;
  if (days_overdue < -14) return 200;
  return (days_overdue + 14) * 800 / 21 + 200;
}

std::int64_t prio_value(int level) {
  constexpr std::int64_t kValues[] = {1000, 650, 300};
  return level >= 0 && level < 3 ? kValues[level] : 0;
}

std::int64_t Score::without_prio() const {
  std::int64_t sum = 0;
  for (const Term& term : terms) {
    if (std::string_view(term.name) != "prio") sum += term.weight * term.value;
  }
  return sum;
}

std::string Score::words() const {
  std::string out = thousandths(total) + " =";
  for (std::size_t at = 0; at < terms.size(); ++at) {
    const Term& term = terms[at];
    const int weight = term.weight < 0 ? -term.weight : term.weight;
    out += term.weight < 0 ? " - " : at == 0 ? " " : " + ";
    out += std::to_string(weight) + "*" + term.name + " " + thousandths(term.value);
  }
  return terms.empty() ? out + " 0" : out;
}

void read_ids(const List& list, Surroundings& around) {
  for (const Task& task : list.tasks) {
    if (!is_open(task)) continue;
    around.needed.insert(task.fields.needs.begin(), task.fields.needs.end());
    around.present.insert(task.fields.ids.begin(), task.fields.ids.end());
  }
}

Score score_of(const Task& task, std::optional<std::int64_t> written_day, const Surroundings& around) {
  const Fields& fields = task.fields;
  const bool blocking = shares(fields.ids, around.needed);
  const bool blocked = shares(fields.needs, around.present);
  const auto since = fields.created ? fields.created : written_day;
  const std::int64_t age = since ? std::clamp<std::int64_t>(around.today - *since, 0, 365) : 0;
  const bool active = task.state == State::kActive || heading_says(task, {"in progress", "doing", "wip", "current"});
  const bool waiting = (fields.waits_until && *fields.waits_until > around.today) ||
                       heading_says(task, {"waiting", "on hold", "blocked", "someday", "icebox", "later"});
  Score score;
  const auto add = [&score](const char* name, int weight, std::int64_t value) {
    if (value == 0) return;
    score.terms.push_back({name, weight, value});
    score.total += weight * value;
  };
  add("due", 12, fields.due ? due_value(around.today - *fields.due) : 0);
  add("blocking", 8, blocking ? kOne : 0);
  add("prio", 6, task.priority.scale == Scale::kNone ? 0 : prio_value(task.priority.level));
  add("active", 4, active ? kOne : 0);
  add("hot", 3, hot_value(task, around));
  add("age", 2, age * kOne / 365);
  add("sev", 2, severity_value(task, around));
  add("blocked", -5, blocked ? kOne : 0);
  add("waiting", -3, waiting ? kOne : 0);
  return score;
}

Band band_of(const Score& score) {
  return score.total >= 12 * kOne ? Band::kHigh : score.total >= 6 * kOne ? Band::kMedium : Band::kLow;
}

const char* name_of(Band band) {
  return band == Band::kHigh ? "high" : band == Band::kMedium ? "medium" : "low";
}

int wanted_level(Scale scale, int given, const Score& score, int highest) {
  const int lowest = scale == Scale::kLetter ? 25 : scale == Scale::kNumber ? 4 : 2;
  const auto steps = static_cast<int>(score.without_prio() / kStep);
  return std::clamp(given - steps, std::min(highest, given), std::max(lowest, given));
}

std::string level_text(Scale scale, int level) {
  if (scale == Scale::kLetter) return std::string(1, static_cast<char>('A' + level));
  if (scale == Scale::kNumber) return std::string(1, static_cast<char>('0' + level));
  return std::string(static_cast<std::size_t>(3 - level), '!');
}

std::string level_name(Scale scale, int level) {
  if (scale == Scale::kLetter) return "(" + level_text(scale, level) + ")";
  return scale == Scale::kNumber ? "P" + level_text(scale, level) : level_text(scale, level);
}

}  // namespace daydream::tasks
