// The commands of a plan, run as a night runs them: in a fresh private tree of the base, with the workspace it has
// then, without secrets in the environment. This runs code of the repository.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/model.hpp"
#include "daydream/kit/git.hpp"
#include "init/plan.hpp"

namespace daydream::init {

struct Ground {
  Path repository, work_directory, state_directory;
  bool under_git = false;
  std::optional<git::Repository> git;
  std::chrono::milliseconds timeout{0};                 // of one command
  std::function<bool()> cancelled;                      // asked between and during commands
  std::function<void(const std::string& words)> doing;  // said before each
};

struct Tried {
  Plan plan;
  bool green = false;
  std::string words;  // of the failure, with the tail of the output
  std::chrono::milliseconds took{0};
};

struct Trials {
  std::vector<Tried> tried;  // in order; the last is green, or none is
  std::string not_tried;     // why nothing could be tried; "" else
  [[nodiscard]] const Tried* green() const { return !tried.empty() && tried.back().green ? &tried.back() : nullptr; }
};

// Until one is green. A plan of several parts that is red is tried part by part, and what is green of it is kept.
// kCancelled: asked to stop. kRetry: another one is at it. Leaves nothing behind.
Result<Trials> try_plans(const Ground& ground, const std::vector<Plan>& plans);

}  // namespace daydream::init
