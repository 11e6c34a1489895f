// The .case text format: what a step does to files, readable without the code. Format: cases.md beside
// this file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daydream/abi.h"
#include "daydream/kit/result.hpp"
#include "daydream/testing/start.hpp"

namespace daydream::testing {

// "-- kind argument... [flags]" and the lines below it.
struct Section {
  std::string kind;
  std::string argument;  // the rest of the header, unquoted: a path, "STEP NAME", a date
  std::string content;   // decoded by the flags
  std::string raw;       // as written, header and lines, for rewriting
  int line = 0;
};

struct Case {
  std::string name;
  int line = 0;
  std::vector<Section> sections;
};

struct CaseFile {
  std::string name;
  std::string preamble;  // what stands before the first case: notes
  std::vector<Case> cases;
};

// kInvalid with "name:line: message".
Result<CaseFile> parse_cases(std::string_view text, const std::string& name);
std::string write_cases(const CaseFile& file);

// A section of this content, with the flags that keep it byte-exact.
Section make_section(const std::string& kind, const std::string& argument, const std::string& content);
bool is_expectation(std::string_view kind);
// The given part of a case as a start; kInvalid for what contradicts itself.
Result<Start> start_of(const Case& one);

struct CaseOptions {
  bool in_process = false;  // for a debugger: no child, no kills
  int most_kills = 16;      // spread over the commits of a run
};

struct CaseReport {
  std::vector<std::string> problems;  // empty: as expected; each for people, of several lines
  std::vector<Section> actual;        // the expectations that would hold
};

// Runs it: once as written; again, which must say the same; killed after each commit and resumed, and
// stopped after the first and resumed, which must end the same.
CaseReport run_case(const dd_plugin& plugin, const Case& one, const CaseOptions& options = {});

// Lines that differ, with "-" expected and "+" actual, some around them, invisible bytes shown.
std::string diff(std::string_view expected, std::string_view actual);

}  // namespace daydream::testing
