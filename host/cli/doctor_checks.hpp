// What `daydream doctor` looks at. Nothing is changed, no lock is taken.
#pragma once

#include <string>
#include <vector>

#include "cli/context.hpp"

namespace daydream::cli {

enum class Health {
  kGood,
  kNote,    // works, but somebody should know
  kBad,     // a run would be refused
  kDamage,  // state is not what was written
};

struct Check {
  Health health = Health::kGood;
  std::string what;    // what was found
  std::string remedy;  // "" = nothing to do
};

std::vector<Check> check_program(const Places& places);     // git, kernel, plugins, manifest, trust
std::vector<Check> check_state(const Places& places);       // folders, space, lock, store
std::vector<Check> check_repository(const Places& places);  // work tree, commits, worktree of ours

}  // namespace daydream::cli
