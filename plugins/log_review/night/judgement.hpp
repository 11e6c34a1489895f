// What of tonight is worth a person's time: patterns never seen, counts out of the ordinary, logs gone silent.
#pragma once

#include <string>
#include <vector>

#include "plugins/log_review/night/history.hpp"
#include "plugins/log_review/night/night.hpp"

namespace daydream::logs {

struct Remark {
  enum class Kind { kNew, kMore, kFewer, kSilent } kind = Kind::kNew;
  std::string id;                    // of the pattern, or the name of the source
  const Pattern* pattern = nullptr;  // none for kFewer and kSilent
  std::string text;                  // the template
  Severity severity = Severity::kUnknown;
  double count = 0, expected = 0, low = 0, high = 0, q = 1;
  std::vector<double> trend;  // of earlier nights
};

struct Judged {
  std::vector<Remark> remarks;  // the gravest first
  std::size_t recurring = 0;    // patterns seen more than once
};

// Gives each pattern of tonight its lasting id and notes its count in the history, then judges.
Judged judge(const std::vector<Pattern>& patterns, const std::vector<SourceFigures>& sources,
             const std::string& tonight, History& history);

}  // namespace daydream::logs
