// How urgent a task is, as a sum whose every term can be printed and checked:
//   12*due + 8*blocking + 6*prio + 4*active + 3*hot + 2*age/365 + 2*sev - 5*blocked - 3*waiting
// Terms go from 0 to 1, `due` and `prio` by Taskwarrior's curves. Whole thousandths, no floating point.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "plugins/task_cleanup/task.hpp"

namespace daydream::tasks {

struct Term {
  const char* name;
  int weight;
  std::int64_t value;  // thousandths
};

struct Score {
  std::vector<Term> terms;  // those that are not 0
  std::int64_t total = 0;   // thousandths
  [[nodiscard]] std::int64_t without_prio() const;
  // "11.4 = 12*due 0.450 + 6*prio 1.000"
  [[nodiscard]] std::string words() const;
};

// What the repository says beside the list.
struct Surroundings {
  std::int64_t today = 0;
  std::unordered_set<std::string> needed, present;  // what open tasks of the list need, and the ids they have
  const std::unordered_map<std::string, std::int64_t>* heat = nullptr;  // History::heat
  const std::map<std::string, int, std::less<>>* severities = nullptr;  // path -> thousandths
};

// Fills in `needed` and `present`.
void read_ids(const List& list, Surroundings& around);

// 0.2 at 14 days ahead and more, 1.0 from 7 days overdue on, a line between.
std::int64_t due_value(std::int64_t days_overdue);
// (A), P0, "!!!" 1.0; the next .65, .3, 0.
std::int64_t prio_value(int level);

// `written_day`: when its line was written, where known.
Score score_of(const Task& task, std::optional<std::int64_t> written_day, const Surroundings& around);

enum class Band : std::uint8_t { kHigh, kMedium, kLow };
Band band_of(const Score& score);
const char* name_of(Band band);

// The level a task of that priority should have: each full 8 points of the other terms are one step.
int wanted_level(Scale scale, int given, const Score& score, int highest);
std::string level_text(Scale scale, int level);  // what stands in the file: "A", "1", "!!"
std::string level_name(Scale scale, int level);  // "(A)", "P1", "!!"

}  // namespace daydream::tasks
