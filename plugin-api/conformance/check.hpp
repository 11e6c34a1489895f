// daydream-conform: does a step keep the promises of the plugin ABI? Named checks, each in a process of its
// own, so that a crash, a hang or an exit() is a result like any other. What each check asks and how to mend a
// step that fails it: README.md beside this file.
#pragma once

#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "daydream/abi.h"
#include "daydream/testing/start.hpp"

namespace daydream::conformance {

enum class Outcome { kOk, kFail, kSkip };

struct Verdict {
  Outcome outcome = Outcome::kOk;
  std::string words;  // one line, for people; never empty where the outcome is not kOk

  static Verdict ok(std::string words = "") { return {Outcome::kOk, std::move(words)}; }
  static Verdict fail(std::string words) { return {Outcome::kFail, std::move(words)}; }
  static Verdict skip(std::string words) { return {Outcome::kSkip, std::move(words)}; }
};

// What is examined: a file that nothing is known of yet, and what its runs find.
struct Subject {
  std::string file;                // absolute
  testing::Start start;            // a tree, a configuration
  bool config_given = false;       // by --config; else `start.config` is "{}"
  std::chrono::seconds limit{60};  // for each check
  std::set<std::string> wanted;    // names of checks; empty: all
};

// A check runs in a child process: it may load the step, change the process and never return.
struct Check {
  const char* name;
  const char* promise;  // what holds where it says ok
  // kTable: the step can be loaded; kDescriptor: and says what it is; kRun: and runs to an end.
  enum Needs { kFile, kTable, kDescriptor, kRun } needs;
  Verdict (*look)(const Subject& subject);
};

const std::vector<Check>& checks();  // in the order in which they are made

struct Finding {
  std::string name;
  Verdict verdict;
};

// The wanted ones, and those that they need. `each` hears a result as soon as it is there. A check whose need has
// failed is skipped.
std::vector<Finding> examine(const Subject& subject, void (*each)(const Finding& finding) = nullptr);

// The checks, by the file that holds them.
Verdict check_symbols(const Subject& subject);
Verdict check_table(const Subject& subject);
Verdict check_descriptor(const Subject& subject);
Verdict check_configuration(const Subject& subject);
Verdict check_commands(const Subject& subject);
Verdict check_missing_services(const Subject& subject);
Verdict check_run(const Subject& subject);
Verdict check_smallest_tables(const Subject& subject);
Verdict check_newest_tables(const Subject& subject);
Verdict check_run_twice(const Subject& subject);
Verdict check_two_instances(const Subject& subject);
Verdict check_deterministic(const Subject& subject);
Verdict check_cancel(const Subject& subject);
Verdict check_kill_and_resume(const Subject& subject);
Verdict check_leaks(const Subject& subject);
Verdict check_no_writes(const Subject& subject);
Verdict check_process(const Subject& subject);

}  // namespace daydream::conformance
