// One way to test one part of a repository, and the ways that a repository offers. Pure: reads the survey, runs
// nothing; whether a command is green is the trial's business.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "init/survey.hpp"

namespace daydream::init {

using Words = std::vector<std::string>;

struct Suite {
  std::string folder;             // "" = the top
  std::string language;           // "Python"; "" for one that covers whatever there is (make test)
  Words command;                  // from the top of the repository
  std::vector<std::string> link;  // folders git does not track, from the top
  std::vector<Words> setup;
  std::string why;        // the files that say so, for people
  bool builds = false;    // compiles first: takes its time
  std::string hint = {};  // what to do by hand where a module is missing
};

// In the order in which they should be tried; each function looks at one folder.
void python_suites(const Survey& survey, const std::string& folder, std::vector<Suite>& suites);
void script_suites(const Survey& survey, const std::string& folder, std::vector<Suite>& suites);    // package.json
void compiled_suites(const Survey& survey, const std::string& folder, std::vector<Suite>& suites);  // C and C++
void other_suites(const Survey& survey, const std::string& folder, std::vector<Suite>& suites);     // Rust, Go, ...
// make test, scripts/test: what a team has written to test all of it.
void umbrella_suites(const Survey& survey, const std::string& folder, std::vector<Suite>& suites);

// `words` as they are run from the top.
Words in_folder(const std::string& folder, Words words);
// Quoted for a POSIX shell where that is needed.
std::string shell_word(std::string_view word);
std::string shell_line(const Words& words);

}  // namespace daydream::init
