// What a night said of the files, kept for nights on which nothing of what it hung on has changed: then no file is
// read and no rule asked, and the same is said again. Rules about the tree as a whole speak anew every night.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/legacy_cleanup/identity.hpp"
#include "plugins/legacy_cleanup/rules/rule.hpp"

namespace daydream::legacy {

// All that one file had said of it.
struct Said {
  std::string path;
  std::uint64_t token = 0;
  std::string skipped;  // why it was not examined wholly, or ""
  std::vector<Finding> findings;
};

struct Night {
  static constexpr std::string_view kKey = "night";        // in the step's memory
  static constexpr std::string_view kParts = "run/said/";  // of one not yet over, a part a batch, until it is
  static constexpr std::size_t kLargest = std::size_t{16} << 20;

  std::string date, until;        // the days on which it holds, both included; until = "": all that follow
  bool whole = true;              // every file that was to be spoken of was, and no question was left for another night
  std::uint64_t files = 0;        // examined or remembered
  std::set<std::string> commits;  // that proofs name, each in one part at least: without one the proofs are gone
  std::map<std::string, std::vector<std::string>, std::less<>> users;  // see Repository
  std::vector<Said> said;                                              // in byte order of path

  // What stands before `part` in it, said earlier in the same run.
  void append(Night part);
  [[nodiscard]] bool holds_on(std::string_view day) const { return date <= day && (until.empty() || day <= until); }
  [[nodiscard]] std::string encode() const;
  static Result<Night> decode(std::string_view bytes);
};

// What a night's words hang on besides the date and git's history: the code that says them (`build`), the
// configuration, and every file by its path and content. Equal text, equal findings.
std::string circumstances(const Repository& repository, std::string_view build = build_identity());

}  // namespace daydream::legacy
