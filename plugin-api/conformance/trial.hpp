// Runs of a step on the in-memory host, and words for what came of them.
#pragma once

#include <functional>
#include <string>

#include "check.hpp"
#include "daydream/testing/memory_host.hpp"

namespace daydream::conformance {

inline constexpr const char* kChildLeft = "a process that the step started outlives close()";

struct Trial {
  testing::Answer answer;
  std::string summary;  // all that a person could see of it
  int commits = 0;
};

// What the host holds after a run that answered so.
Trial trial_of(const testing::MemoryHost& host, testing::Answer answer);
// A new run of the start, in a child of this process, which thereby stays as it is.
Trial undisturbed(const dd_plugin& step, const testing::Start& start);
Trial undisturbed(const dd_plugin& step, testing::MemoryHost& host);

// What is wrong with an answer, whatever was asked: a crash, a broken rule of the headers, a status that there
// is not, a failure or a skip without a word. "" = nothing.
std::string trouble(const testing::Answer& answer);
// "ok", `skipped (not-configured): no log matches`.
std::string outcome_of(const testing::Answer& answer);
// "" where both came to the same; else the first lines that differ.
std::string difference(const Trial& expected, const Trial& actual);

// Gives every file below TMPDIR the same time, as each open() does first.
void steady_times();

// The step loaded, or what is wrong with the file.
Verdict with_step(const Subject& subject, const std::function<Verdict(const dd_plugin& step)>& look);

}  // namespace daydream::conformance
