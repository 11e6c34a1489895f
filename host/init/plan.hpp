// What could stand as `verify` and `workspace` in the manifest of a repository, best first. Pure.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "init/suite.hpp"

namespace daydream::init {

struct Language {
  std::string name;
  std::size_t files = 0;
};
// By the names of tracked files, most files first; others' code is left out.
std::vector<Language> languages_of(const Survey& survey);

// One value for `verify` and `workspace`.
struct Plan {
  std::vector<Suite> parts;  // all of them must be green

  [[nodiscard]] Words command() const;
  [[nodiscard]] std::vector<std::string> link() const;
  [[nodiscard]] std::vector<Words> setup() const;
  [[nodiscard]] std::string why() const;
  // "15m", longer where something is compiled.
  [[nodiscard]] std::string timeout() const;
};

// At most `most`, without repetition. Empty: nothing that looks like a test was found.
std::vector<Plan> plans_of(const Survey& survey, std::size_t most = 4);

}  // namespace daydream::init
