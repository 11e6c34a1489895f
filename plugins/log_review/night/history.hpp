// What earlier nights knew: patterns with their counts, sources, and which nights there were.
#pragma once

#include <daydream/sdk.hpp>
#include <map>
#include <string>
#include <vector>

namespace daydream::logs {

constexpr std::size_t kNightsKept = 28;
constexpr std::size_t kPatternsKept = 5000;

struct KnownPattern {
  std::string id, text, shape;
  std::string first, last;               // dates
  std::map<std::string, double> counts;  // date -> records, of the nights kept
};

struct History {
  std::vector<std::string> nights;  // dates before tonight, oldest first, at most kNightsKept
  std::vector<KnownPattern> patterns;
  std::vector<std::string> dropped;                              // ids of patterns that have become part of others
  std::map<std::string, std::map<std::string, double>> sources;  // name -> date -> records

  static Result<History> load(const sdk::Run& run, const std::string& tonight);
  // Puts what has changed, and drops the oldest over kPatternsKept.
  void save(sdk::Transaction& txn, const std::string& tonight);
  // Counts of the nights since `first` (a date), zeros where there is none; and tonight's so far.
  [[nodiscard]] std::vector<double> counts_of(const std::map<std::string, double>& counts,
                                              const std::string& first) const;
};

// 0 = Sunday.
int weekday_of(const std::string& date);

}  // namespace daydream::logs
