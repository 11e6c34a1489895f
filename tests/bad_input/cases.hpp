// Bad input, case by case: what a user does wrong, and what the program must say.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "e2e/fixtures.hpp"

namespace daydream::bad_input {

using e2e::Ran;
using e2e::World;

struct Case {
  std::string name;
  int exit_code = 0;
  std::string message;  // part of what stderr or the report must say; "" = nothing particular
  std::function<Ran(World&)> act;
  bool skip = false;
  std::string why_skipped;
  bool tree_checked = true;  // the user's tree must be as before the run
};

std::vector<Case> manifest_cases();
std::vector<Case> repository_cases();
std::vector<Case> state_cases();

// `world.run()` with the user's tree compared before and after.
Ran run_untouched(World& world, const std::vector<std::string>& more = {});

}  // namespace daydream::bad_input
