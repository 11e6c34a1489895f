// What `daydream doctor` looks at. Nothing is changed, no lock is taken.
#pragma once

#include <cstdint>
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

// `words`: which folder; `of_ours`: what of ours lies there, for people ("" = nothing worth a word).
Check check_space(const std::string& words, std::uint64_t free_bytes, const std::string& of_ours);

std::vector<Check> check_program(const Places& places);     // git, kernel, plugins, manifest, trust
std::vector<Check> check_state(const Places& places);       // folders, space, lock, store
std::vector<Check> check_repository(const Places& places);  // work tree, commits, worktree of ours

}  // namespace daydream::cli
